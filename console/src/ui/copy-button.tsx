import { useEffect, useState } from 'react'
import { announce } from './announcer.tsx'
import { toast } from './toasts.tsx'

interface CopyButtonProps {
  text: () => string
  word: string
  main?: boolean
}

export function CopyButton({ text, word, main = false }: CopyButtonProps) {
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
      announce('Copied')
    } catch {
      toast({
        tone: 'warn',
        title: 'The browser does not let this page copy',
        detail: 'Select the text and copy it by hand.',
      })
    }
  }
  return (
    <button
      type="button"
      className={main ? 'button button-main' : 'button button-small'}
      onClick={copy}
    >
      {copied > 0 ? 'Copied' : word}
    </button>
  )
}
