// Conversations, fetched as one: their page, and one of them alone, which is open beside the inbox.

export { default as Sessions } from '../sessions/Sessions.svelte';
export { default as Session } from './Session.svelte';
