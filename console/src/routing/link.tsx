import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { hrefOf, navigate } from './location.ts'
import { preload } from './preload.ts'

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  to: string
}

/** A real link; a plain click stays in the page, every other one is the browser's. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey)
    if (event.defaultPrevented || event.altKey || !plain || rest.target) return
    event.preventDefault()
    navigate(to)
  }
  const near = () => preload(to)
  return <a href={hrefOf(to)} onPointerEnter={near} onFocus={near} {...rest} onClick={follow} />
}
