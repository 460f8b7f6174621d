/** A JSON schema or any other part of an OpenAPI document: read as it comes. */
export type Json = ReturnType<typeof JSON.parse>

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  schema: Json
}

/** One operation of an OpenAPI document, with every reference in it still in place. */
export interface Operation {
  id: string
  method: string
  path: string
  /** It asks for another proof than a token, or for none. */
  open: boolean
  parameters: Parameter[]
  /** Undefined where none is described. */
  body: Json
  /** Schemas of the answer by status and media type. */
  answers: Map<number, Map<string, Json>>
}

/** Follows a reference within the document. */
export function resolved(document: Json, part: Json): Json {
  let found = part
  while (typeof found?.$ref === 'string') {
    const ref: string = found.$ref
    found = ref
      .slice(2)
      .split('/')
      .reduce((node: Json, name) => node[name], document)
  }
  return found
}

export function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      open: operation.security !== undefined,
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content['application/json']?.schema,
      answers: new Map(
        Object.entries<Json>(operation.responses).map(([status, response]) => [
          Number(status),
          new Map(
            Object.entries<Json>(resolved(document, response).content ?? {}).map(([type, it]) => [
              type,
              it.schema,
            ]),
          ),
        ]),
      ),
    })),
  )
}
