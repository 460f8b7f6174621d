import { useEffect, useEffectEvent, useState } from 'react'

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/** Takes a file that is dropped anywhere on the page. */
export function FileDrop({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false)
  const take = useEffectEvent(onFile)
  useEffect(() => {
    let depth = 0
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      depth += 1
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      depth -= 1
      if (depth <= 0) setOver(false)
    }
    const hold = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      const file = event.dataTransfer?.files[0]
      // A dialog that is open takes its own.
      if (file && document.querySelector('dialog[open]') === null) take(file)
    }
    const listeners = { dragenter: enter, dragleave: leave, dragover: hold, drop }
    for (const [type, listener] of Object.entries(listeners)) {
      document.addEventListener(type as 'drop', listener)
    }
    return () => {
      for (const [type, listener] of Object.entries(listeners)) {
        document.removeEventListener(type as 'drop', listener)
      }
    }
  }, [])
  if (!over) return null
  return (
    <div className="file-drop" aria-hidden="true">
      <p>Drop a tasks.md to import it</p>
    </div>
  )
}
