import { describe, expect, it } from 'vitest'
import { keyName } from '../../console/src/actions/key-name.ts'

type Held = Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>>

const pressed = (key: string, held: Held = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

describe('a pressed key is named as actions name theirs', () => {
  it.each([
    ['a letter', pressed('c'), 'C'],
    ['a letter with Shift', pressed('J', { shiftKey: true }), 'Shift+J'],
    ['a sign that needs Shift', pressed('?', { shiftKey: true }), '?'],
    ['an arrow with Shift', pressed('ArrowUp', { shiftKey: true }), 'Shift+ArrowUp'],
    ['Ctrl and a letter', pressed('k', { ctrlKey: true }), 'Mod+K'],
    ['Ctrl, Shift and a letter', pressed('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z'],
    ['a modifier alone', pressed('Shift', { shiftKey: true }), null],
    ['what belongs to the system', pressed('k', { metaKey: true }), null],
    ['what Alt types', pressed('@', { altKey: true }), null],
  ])('%s', (_, event, name) => {
    expect(keyName(event, false)).toBe(name)
  })

  it('⌘ on a Mac is what Ctrl is elsewhere, and Ctrl is not', () => {
    expect(keyName(pressed('k', { metaKey: true }), true)).toBe('Mod+K')
    expect(keyName(pressed('k', { ctrlKey: true }), true)).toBe(null)
  })
})
