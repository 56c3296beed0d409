// What is asked about the mailbox that is shown, or about what is ticked in it; null while nothing is.

export const asking: { what: 'move' | 'copy' | 'create' | 'rename' | 'delete' | null } = $state({ what: null });
