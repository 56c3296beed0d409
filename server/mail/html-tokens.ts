// HTML as a row of tokens: no tree and no stack of open elements, so that depth costs nothing.

import { Tokenizer } from 'htmlparser2';

export interface Attribute {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
}

export interface HtmlTokens {
  /** Names are in lower case; `closed` says that the tag ended in a slash. */
  open(name: string, attributes: readonly Attribute[], closed: boolean): void;
  close(name: string): void;
  /** Entities are decoded; one text may come in several pieces. */
  text(piece: string): void;
}

export interface HtmlReader {
  write(piece: string): void;
  end(): void;
}

/** Gives every tag and text in order as the HTML comes; comments, declarations and processing instructions are passed over. */
export function createHtmlTokens(tokens: HtmlTokens): HtmlReader {
  let html = ''; // all of it: the tokenizer counts from the beginning
  let tag = '';
  let attributes: Attribute[] = [];
  let [name, value] = ['', ''];
  const slice = (start: number, end: number): string => html.slice(start, end);
  const finish = (closed: boolean): void => {
    tokens.open(tag, attributes, closed);
    attributes = [];
  };
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = slice(start, end).toLowerCase();
        attributes = [];
      },
      onattribname(start, end) {
        [name, value] = [slice(start, end).toLowerCase(), ''];
      },
      onattribdata: (start, end) => void (value += slice(start, end)),
      onattribentity: (codepoint) => void (value += String.fromCodePoint(codepoint)),
      onattribend: () => void attributes.push({ name, value }),
      onopentagend: () => finish(false),
      onselfclosingtag: () => finish(true),
      onclosetag: (start, end) => tokens.close(slice(start, end).toLowerCase()),
      ontext: (start, end) => tokens.text(slice(start, end)),
      ontextentity: (codepoint) => tokens.text(String.fromCodePoint(codepoint)),
      oncdata: (start, end, offset) => tokens.text(slice(start, end - offset)),
      oncomment: () => undefined,
      ondeclaration: () => undefined,
      onprocessinginstruction: () => undefined,
      onend: () => undefined,
    },
  );
  return {
    write(piece) {
      html += piece;
      tokenizer.write(piece);
    },
    end: () => tokenizer.end(),
  };
}

/** As `createHtmlTokens`, for HTML that is all there. */
export function readHtml(html: string, tokens: HtmlTokens): void {
  const reader = createHtmlTokens(tokens);
  reader.write(html);
  reader.end();
}

export const attributeOf = (attributes: readonly Attribute[], name: string): string =>
  attributes.find((attribute) => attribute.name === name)?.value ?? '';
