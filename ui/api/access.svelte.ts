// Whether the server turned the page away for want of a login.

export const access = $state({ refused: false });
