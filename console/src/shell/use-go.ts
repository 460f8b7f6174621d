import { type Action, useActions } from '../actions/actions.ts'
import { openPalette } from '../palette/open.ts'
import { navigate } from '../routing/location.ts'
import { paths } from '../routing/paths.ts'
import { useMay } from '../session/session.ts'
import { choose } from '../ui/theme.ts'
import type { Place } from './places.ts'
import { setShortcuts, shortcutsOn } from './shortcuts.ts'
import { keepSidebar, sidebarKept } from './use-narrow.ts'
import type { Current } from './use-project.ts'

const group = 'Go to'

/** Every place of the shell as something that can be done: G, then its key. */
export function useGo(places: readonly Place[], { project, sprint }: Current): void {
  const mayPlan = useMay('plan')
  const goes: Action[] = places.map(({ id, label, to, key }) => ({
    id: `go.${id}`,
    title: id.startsWith('board ') ? `Board of ${label}` : label,
    group,
    ...(key ? { keys: [`G ${key}`] } : {}),
    run: () => navigate(to),
  }))
  if (project && sprint) {
    const { slug } = project
    const { code } = sprint
    goes.push(
      {
        id: 'go.board',
        title: 'The board of the current sprint',
        group,
        keys: ['G B'],
        run: () => navigate(paths.board(slug, code)),
      },
      {
        id: 'go.sprint-charts',
        title: 'Charts of the current sprint',
        group,
        keys: ['G D'],
        run: () => navigate(paths.charts(slug, code)),
      },
      {
        id: 'go.report',
        title: 'Report of the current sprint',
        group,
        keys: ['G M'],
        run: () => navigate(paths.report(slug, code)),
      },
      {
        id: 'go.sprint-history',
        title: 'History of the current sprint',
        group,
        keys: ['G H'],
        run: () => navigate(paths.sprintHistory(slug, code)),
      },
    )
  }
  useActions(goes)
  useActions([
    {
      id: 'palette',
      title: 'Search or do anything',
      group: 'Everywhere',
      keys: ['Mod+K'],
      run: () => openPalette('all'),
    },
    {
      id: 'search',
      title: 'Search tasks',
      group: 'Everywhere',
      keys: ['/'],
      run: () => openPalette('tasks'),
    },
    {
      id: 'help',
      title: 'Show the keyboard shortcuts',
      group: 'Everywhere',
      keys: ['?'],
      run: () => openPalette('help'),
    },
    ...(mayPlan
      ? [
          {
            id: 'project.create',
            title: 'Create a project',
            group: 'Everywhere',
            run: () => navigate(paths.newProject()),
          },
        ]
      : []),
    { id: 'theme.light', title: 'Light theme', group: 'Everywhere', run: () => choose('light') },
    { id: 'theme.dark', title: 'Dark theme', group: 'Everywhere', run: () => choose('dark') },
    {
      id: 'theme.system',
      title: 'The system’s theme',
      group: 'Everywhere',
      run: () => choose('system'),
    },
    {
      id: 'sidebar',
      title: 'Show or hide the sidebar',
      group: 'Everywhere',
      keys: ['['],
      run: () => keepSidebar(!sidebarKept()),
    },
    {
      id: 'shortcuts',
      title: 'Turn shortcuts of single keys on or off',
      group: 'Everywhere',
      run: () => setShortcuts(!shortcutsOn()),
    },
  ])
}
