// Whether the help sheet is open.

export const helping = $state({ shown: false });
