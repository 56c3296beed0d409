// Builds a message from its parts, as an app would have sent it.

export interface Composed {
  readonly from?: string;
  readonly to?: readonly string[];
  readonly cc?: readonly string[];
  /** For the envelope only: it is never written into the header. */
  readonly bcc?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly ComposedAttachment[];
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

export interface ComposedAttachment {
  readonly filename: string;
  readonly contentType?: string;
  /** Base64. */
  readonly content: string;
  /** Makes it an inline part that the HTML names with `cid:`. */
  readonly contentId?: string;
}

/** The raw message, CRLF line ends; Date and Message-ID are made where `headers` has none. */
export async function composeMessage(mail: Composed): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: mail.from,
    to: mail.to && [...mail.to],
    cc: mail.cc && [...mail.cc],
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: Object.entries(mail.headers ?? {}).map(([key, value]) => ({ key, value: typeof value === 'string' ? value : [...value] })),
    attachments: mail.attachments?.map(({ filename, contentType, content, contentId }) => ({
      filename,
      contentType,
      content: Buffer.from(content, 'base64'),
      cid: contentId,
    })),
    newline: 'win',
    // What is written here comes from a request: it must not make us read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
