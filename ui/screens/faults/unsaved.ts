// What was typed and not saved, by the rule that it is of: whoever looks at another one meanwhile finds it again.

/** As JSON, which may be wrong. */
export const unsaved = new Map<string, string>();
