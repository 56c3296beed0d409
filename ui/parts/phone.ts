// Whether there is room for one pane only.

import { MediaQuery } from 'svelte/reactivity';

export const phone = new MediaQuery('max-width: 699px', false);
