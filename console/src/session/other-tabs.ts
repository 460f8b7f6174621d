const channel = new BroadcastChannel('devgodzilla.session')

/** The cookie is the browser's: who signs in or out in one tab does so in all of them. */
export const tellOtherTabs = (): void => channel.postMessage('changed')

export const whenOtherTabsTell = (look: () => void): void =>
  channel.addEventListener('message', look)
