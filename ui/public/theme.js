// Runs before the first paint, so that a chosen theme and density never flash in late; preferences.svelte.ts writes what it reads.
try {
  const { theme, density } = JSON.parse(localStorage.getItem('mailrig') ?? '{}');
  Object.assign(document.documentElement.dataset, { theme: theme ?? 'system', density: density ?? 'comfortable' });
} catch {
  // The system's theme then.
}
