import { useId } from 'react'
import { choose, type Theme, useTheme } from './theme.ts'
import './theme-toggle.css'

const themes: { theme: Theme; label: string; icon: string }[] = [
  {
    theme: 'light',
    label: 'Light',
    icon: 'M8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7M8 .8v1.6M8 13.6v1.6M.8 8h1.6M13.6 8h1.6M2.9 2.9l1.1 1.1M12 12l1.1 1.1M2.9 13.1 4 12M12 4l1.1-1.1',
  },
  { theme: 'system', label: 'System', icon: 'M1.8 2.8h12.4v8.4H1.8zM5.5 14h5' },
  { theme: 'dark', label: 'Dark', icon: 'M13.6 9.6A6 6 0 0 1 6.4 2.4a6 6 0 1 0 7.2 7.2' },
]

export function ThemeToggle() {
  const current = useTheme()
  const name = useId()
  return (
    <fieldset className="theme-toggle">
      <legend className="hidden">Colour theme</legend>
      {themes.map(({ theme, label, icon }) => (
        <label key={theme} title={`${label} theme`}>
          <input
            type="radio"
            name={name}
            className="hidden"
            checked={theme === current}
            onChange={() => choose(theme)}
          />
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path d={icon} />
          </svg>
          <span className="hidden">{label}</span>
        </label>
      ))}
    </fieldset>
  )
}
