let out = false
let told = () => {}

/** While nobody is signed in, nothing is asked for: each refusal would count as an attempt. */
export const isSignedOut = (): boolean => out

export function setSignedOut(signedOut: boolean): void {
  out = signedOut
}

/** A request was refused for want of a session. */
export const sessionRefused = (): void => told()

export function onSessionRefused(tell: () => void): void {
  told = tell
}
