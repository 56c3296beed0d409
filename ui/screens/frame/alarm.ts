// What is fetched once something may go wrong on purpose: what there is, and the chips that say so on every page.

export { Faults } from '../../state/faults.svelte.ts';
export { default as Chips } from './Chips.svelte';
