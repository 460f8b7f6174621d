import { useEffect, useState } from 'react'
import { announce } from './announcer.tsx'
import { toast } from './toasts.tsx'

interface CopyButtonProps {
  text: () => string
  word?: string
  /** What is copied, for those who do not see what the button stands beside. */
  of?: string
  look?: 'small' | 'plain' | 'main'
}

const looks = { small: 'button button-small', plain: 'button', main: 'button button-main' }

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, word = 'Copy', of, look = 'small' }: CopyButtonProps) {
  const [copied, setCopied] = useState(0)
  useEffect(() => {
    if (copied === 0) return
    const timer = setTimeout(setCopied, 2000, 0)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setCopied((times) => times + 1)
      announce('Copied.')
    } catch {
      toast({
        tone: 'warn',
        title: 'The browser does not let this page copy',
        detail: 'Select the text and copy it by hand.',
      })
    }
  }
  return (
    <button type="button" className={looks[look]} onClick={copy}>
      {copied > 0 ? 'Copied' : word}
      {of && <span className="hidden"> {of}</span>}
    </button>
  )
}
