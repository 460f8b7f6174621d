/** What opens a card on its page, as far as it is drawn. */
export const cardLink = (code: string) =>
  document.querySelector<HTMLElement>(`[data-code="${CSS.escape(code)}"]`)

export const focusCard = (code: string) => cardLink(code)?.focus({ preventScroll: true })
