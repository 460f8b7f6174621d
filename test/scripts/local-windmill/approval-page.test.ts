import { describe, expect, it } from 'vitest'
import { accessibilityProblems, chromiumPath, useBrowser } from '../../console/support/browser.ts'
import { engineUnderTest } from './engine-under-test.ts'
import { code } from './workspace-folder.ts'

const { folder, api } = await engineUnderTest()

describe.skipIf(!chromiumPath)('the approval page in a browser', async () => {
  const open = useBrowser()

  it('can be read and answered by everybody, in light and dark', async () => {
    const schema = {
      properties: {
        note: { type: 'string', title: 'Note', description: 'Why you think so' },
        size: { type: 'integer' },
        kind: { type: 'string', enum: ['small', 'large'] },
        sure: { type: 'boolean' },
        more: { type: 'object' },
      },
      required: ['note'],
    }
    await folder.flow('asked', {
      modules: [
        code(
          'a',
          `import * as wmill from 'windmill-client'
         export async function main() {
           const urls = await wmill.getResumeUrls('ann')
           return { ...urls, default_args: { size: 3 }, description: 'Look at <it>.' }
         }`,
          {},
          { summary: 'Ship it?', suspend: { required_events: 1, resume_form: { schema } } },
        ),
        code('b', 'export function main(value: unknown) { return value }', { value: '=resume' }),
      ],
    })
    const id = await api.start('asked')
    const waiting = await api.until(id, ({ suspend }) => suspend === 1)
    const asked = await api.job(String(waiting.flow_status?.modules[0]?.job))
    const { approvalPage } = asked.result as { approvalPage: string }
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open({ colorScheme })
      await page.goto(approvalPage)
      expect(await accessibilityProblems(page)).toEqual([])
      await page.close()
    }
    const page = await open()
    await page.goto(approvalPage)
    await expect(page.getByText('Look at <it>.').count()).resolves.toBe(1)
    await expect(page.getByText('Ship it?').count()).resolves.toBe(1)
    await page.getByLabel('Note').fill('fine')
    await page.getByLabel('sure').check()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('status').waitFor()
    expect((await api.ended(id)).result).toEqual({ note: 'fine', size: 3, sure: true })
  })
})
