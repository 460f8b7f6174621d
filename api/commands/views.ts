import * as z from 'zod'
import { id, idText } from '../core/entities/fields.ts'
import { SavedView, viewName, viewQuery } from '../core/entities/view.ts'
import { command, listOf, page } from './command.ts'

const byView = z.object({ view_id: idText })

export const listViews = command({
  name: 'view.list',
  summary: 'List saved views of boards',
  scope: 'read',
  method: 'get',
  path: '/views',
  query: z.object({ ...page, project_id: z.coerce.number().int().positive().optional() }),
  output: listOf(SavedView),
})

export const createView = command({
  name: 'view.create',
  summary: 'Save a way of looking at the boards of a project, for everyone who sees it',
  scope: 'work',
  method: 'post',
  path: '/views',
  status: 201,
  body: z.strictObject({ project_id: id, name: viewName, query: viewQuery }),
  output: SavedView,
})

export const updateView = command({
  name: 'view.update',
  summary: 'Rename a saved view or change what it shows: who saved it, or an admin',
  scope: 'work',
  method: 'patch',
  path: '/views/:view_id',
  params: byView,
  body: z.strictObject({ name: viewName.optional(), query: viewQuery.optional() }),
  output: SavedView,
})

export const deleteView = command({
  name: 'view.delete',
  summary: 'Delete a saved view: who saved it, or an admin',
  scope: 'work',
  method: 'delete',
  path: '/views/:view_id',
  params: byView,
  output: SavedView,
})
