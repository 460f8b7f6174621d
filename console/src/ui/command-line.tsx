import { CopyButton } from './copy-button.tsx'
import './command-line.css'

/** A command to run elsewhere, and a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="command-line">
      <code>{command}</code>
      <CopyButton text={() => command} of="the command" />
    </div>
  )
}
