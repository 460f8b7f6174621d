import { SPECKIT_LIMITS } from './limits.ts'
import { SpecKitError } from './speckit-error.ts'

function lineOf(text: string, offset: number): number {
  let line = 1
  for (let i = 0; i < offset; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) line++
  }
  return line
}

function loneSurrogate(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0xd800 || unit > 0xdfff) continue
    const next = text.charCodeAt(i + 1)
    if (unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) i++
    else return i
  }
  return -1
}

/** Refuses text that cannot be stored or written back byte for byte, or is beyond the limits. */
export function checkText(text: string): void {
  if (text.length > SPECKIT_LIMITS.text) {
    throw new SpecKitError(
      'text_too_long',
      `the file has ${text.length} characters and ${SPECKIT_LIMITS.text} are allowed; split the feature into several specs`,
    )
  }
  const nul = text.indexOf('\0')
  if (nul !== -1) {
    throw new SpecKitError(
      'nul_character',
      'the file holds a NUL character, so it is not a text file; remove it or save the file as UTF-8',
      lineOf(text, nul),
    )
  }
  if (!text.isWellFormed()) {
    throw new SpecKitError(
      'lone_surrogate',
      'the file holds half of a character (a lone surrogate), which UTF-8 cannot carry; type the character again',
      lineOf(text, loneSurrogate(text)),
    )
  }
}
