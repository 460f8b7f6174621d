import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../scripts/migrate.ts'
import { temporaryCluster } from './temporary-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the cluster the tests run on, for creating others from. */
    testCluster: string
    /** The migrated database that test databases are copied from. */
    testTemplate: string
  }
}

/**
 * One cluster per project of tests, or the one in TEST_DATABASE_URL, with one migrated template each.
 * DATABASE_URL is never looked at: it may be somebody's real data.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const cluster = given ? { url: given, stop: async () => {} } : await temporaryCluster()
  const template = `devgodzilla_template_${process.pid}_${project.name}`
  const templateUrl = Object.assign(new URL(cluster.url), { pathname: `/${template}` }).href
  const tearDown = async () => {
    if (given) await inCluster(given, (sql) => sql`drop database if exists ${sql(template)}`)
    await cluster.stop()
  }
  try {
    await inCluster(cluster.url, async (sql) => {
      await sql`drop database if exists ${sql(template)}`
      await sql`create database ${sql(template)}`
    })
    await migrate(templateUrl)
  } catch (error) {
    await tearDown()
    throw error
  }
  project.provide('testCluster', cluster.url)
  project.provide('testTemplate', template)
  return tearDown
}

async function inCluster<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
