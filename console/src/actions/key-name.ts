/** What of a KeyboardEvent its name needs. */
interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** A pressed key as actions name theirs: `C`, `Shift+J`, `Mod+K`; null for a modifier alone. */
export function keyName(event: Pressed, mac: boolean): string | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event
  if (['Shift', 'Control', 'Alt', 'Meta'].includes(key)) return null
  const mod = mac ? metaKey : ctrlKey
  if (altKey || (mac ? ctrlKey : metaKey)) return null
  const letter = key.length === 1
  const name = letter ? key.toUpperCase() : key
  // Shift is part of what "?" is, yet not of what "J" is.
  const shift = shiftKey && (!letter || key.toLowerCase() !== key.toUpperCase())
  return `${mod ? 'Mod+' : ''}${shift ? 'Shift+' : ''}${name}`
}
