// Starts the page.

import { mount } from 'svelte';
import App from './App.svelte';
import { drawGlyphs } from './parts/glyphs.ts';

drawGlyphs();
mount(App, { target: document.body });
