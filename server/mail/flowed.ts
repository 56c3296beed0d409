// format=flowed text as its paragraphs (RFC 3676).

/** Joins the flowed lines of each paragraph; quotes keep their marks, `delSp` drops the space that marks a flow. Lines end with LF. */
export function unflow(text: string, delSp = false): string {
  const out: string[] = [];
  let depth = -1; // quote depth of the paragraph that is open, -1 where none is
  for (const line of text.split(/\r?\n/)) {
    const marks = /^>*/.exec(line)?.[0].length ?? 0;
    const content = line.slice(marks).replace(/^ /, ''); // space-stuffing, §4.4
    const signature = content === '-- ';
    const flows = content.endsWith(' ') && !signature;
    const kept = flows && delSp ? content.slice(0, -1) : content;
    // A change of quote depth, a signature or an empty line ends a paragraph even when it was flowing (§4.5, §4.3).
    if (depth === marks && !signature && content !== '') out[out.length - 1] += kept;
    else out.push(marks > 0 ? `${'>'.repeat(marks)} ${kept}` : kept);
    depth = flows ? marks : -1;
  }
  return out.join('\n');
}
