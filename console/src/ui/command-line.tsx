import { useState } from 'react'
import { announce } from './announcer.tsx'
import './command-line.css'

/** A command to run elsewhere, and a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command)
      setCopied(true)
      announce('Copied the command.')
      setTimeout(setCopied, 2000, false)
    } catch {
      announce('The browser does not allow copying; select the text instead.')
    }
  }
  return (
    <div className="command-line">
      <code>{command}</code>
      <button type="button" className="button button-small" onClick={copy}>
        {copied ? 'Copied' : 'Copy'}
        <span className="hidden"> the command</span>
      </button>
    </div>
  )
}
