// Runs before the first paint, so that a chosen theme never flashes the other one.
// The toggle (src/ui/theme.ts) writes the same key.
try {
  const theme = localStorage.getItem('devgodzilla.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch (error) {
  console.warn('The stored theme cannot be read; following the system.', error)
}
