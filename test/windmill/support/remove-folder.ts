import { OpenAPI } from 'windmill-client'
import { addressFrom } from './address.ts'
import { removeFolder } from './deploy.ts'

/** A program: takes a folder of the suite from the server that the environment names. */
const address = addressFrom(process.env)
const [folder] = process.argv.slice(2)
if (!address || !folder) throw new Error('which folder of which server?')
Object.assign(OpenAPI, { BASE: `${address.url}/api`, TOKEN: address.token })
await removeFolder(address.workspace, folder)
