import { useAllActions } from '../actions/actions.ts'
import { setShortcuts, useShortcuts } from '../shell/shortcuts.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from './keys-shown.tsx'
import { closePalette } from './open.ts'
import './help.css'

/** Every key of the page that lies below, from the list that the keyboard itself goes by. */
export function Help() {
  const actions = useAllActions()
  const on = useShortcuts()
  const groups = new Map<string, { id: string; title: string; keys: readonly string[] }[]>()
  for (const { id, title, group, keys = [] } of actions) {
    if (keys.length > 0) groups.set(group, [...(groups.get(group) ?? []), { id, title, keys }])
  }
  return (
    <Dialog title="Keyboard shortcuts" onClose={closePalette} wide>
      <label className="check">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => setShortcuts(event.target.checked)}
        />
        Shortcuts of single keys
      </label>
      <p className="help-note">
        Turn them off if you speak to your computer or hit keys by accident: those with Ctrl or ⌘
        stay, and everything is in the palette as well.
      </p>
      <div className="help-groups">
        {[...groups].map(([group, members]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {members.map(({ id, title, keys }) => (
                <div key={id}>
                  <dt>{title}</dt>
                  <dd>
                    {keys.map((its, turn) => (
                      <span key={its}>
                        {turn > 0 && ' or '}
                        <Keys keys={its} />
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
