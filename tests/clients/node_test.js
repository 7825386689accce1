// node-postgres (package pg): text format, simple and extended protocol. The server is found through
// PGHOST, PGPORT, PGUSER and PGDATABASE.
'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { createRequire } = require('node:module')

// The package lives in the build directory, not beside this file.
const { Client, Pool } = createRequire(process.env.ISOLDE_NODE_MODULES + '/')('pg')

function withClient(name, body, options = {}) {
  test(name, { timeout: 60_000 }, async () => {
    const client = new Client(options)
    await client.connect()
    try {
      await body(client)
    } finally {
      await client.end()
    }
  })
}

async function untilActive(client, pid) {
  const sql = 'SELECT state FROM pg_stat_activity WHERE pid = $1'
  for (;;) {
    const { rows } = await client.query(sql, [pid])
    if (rows.length === 1 && rows[0].state === 'active') return
  }
}

withClient('one row', async (client) => {
  const { rows, fields, command, rowCount } = await client.query("SELECT 1 AS a, 'x' AS b, NULL AS c, true AS d")
  assert.deepStrictEqual({ ...rows[0] }, { a: 1, b: 'x', c: null, d: true })
  assert.deepStrictEqual(fields.map((field) => field.dataTypeID), [23, 25, 25, 16])
  assert.deepStrictEqual([command, rowCount], ['SELECT', 1])
})

withClient('parameters of many types', async (client) => {
  const { rows } = await client.query(
    `SELECT $1::int4 AS i, $2::int8 AS b, $3::float8 AS f, $4::text AS t, $5::bool AS o, $6::bytea AS y,
            $7::numeric AS n, $8::int4[] AS a, $9::text[] AS ta, $10::timestamptz AS at,
            $11::text AS nothing`,
    [-7, '9223372036854775807', 0.1, 'naïve ☃', true, Buffer.from([0, 255, 16]), '1.50', [1, null, 3],
      ['a', 'b "c"', ''], new Date(Date.UTC(2024, 1, 29, 12)), null])
  const row = rows[0]
  assert.strictEqual(row.i, -7)
  assert.strictEqual(row.b, '9223372036854775807')
  assert.strictEqual(row.f, 0.1)
  assert.strictEqual(row.t, 'naïve ☃')
  assert.strictEqual(row.o, true)
  assert.deepStrictEqual([...row.y], [0, 255, 16])
  assert.strictEqual(row.n, '1.50')
  assert.deepStrictEqual(row.a, [1, null, 3])
  assert.deepStrictEqual(row.ta, ['a', 'b "c"', ''])
  assert.strictEqual(row.at.toISOString(), '2024-02-29T12:00:00.000Z')
  assert.strictEqual(row.nothing, null)
})

withClient('binary results', async (client) => {
  const { rows } = await client.query({ text: 'SELECT $1::int4 AS a, true AS b', values: [7], binary: true })
  assert.deepStrictEqual({ ...rows[0] }, { a: 7, b: true })
})

withClient('a named statement, a hundred times', async (client) => {
  for (let i = 0; i < 100; i++) {
    const { rows } = await client.query({ name: 'add', text: 'SELECT $1::int4 + 1 AS a', values: [i] })
    assert.strictEqual(rows[0].a, i + 1)
  }
})

withClient('queries queued at once come back in order', async (client) => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => client.query('SELECT $1::int4 AS a', [i])))
  assert.deepStrictEqual(answers.map(({ rows }) => rows[0].a), Array.from({ length: 200 }, (_, i) => i))
})

withClient('several statements in one query', async (client) => {
  const answers = await client.query('SELECT 1 AS a; SELECT 2 AS a; SELECT 3 AS a')
  assert.deepStrictEqual(answers.map(({ rows }) => rows[0].a), [1, 2, 3])
})

withClient('errors', async (client) => {
  await assert.rejects(client.query('SELEC'), { code: '42601', position: '1', severity: 'ERROR' })
  await assert.rejects(client.query('SELECT 1 / $1::int4', [0]), { code: '22012' })
  await assert.rejects(client.query('SELECT $1::int4', ['x']), { code: '22P02' })
  assert.strictEqual((await client.query('SELECT 7 AS a')).rows[0].a, 7)
})

withClient('transactions', async (client) => {
  await client.query('BEGIN')
  await assert.rejects(client.query('SELECT 1/0'), { code: '22012' })
  await assert.rejects(client.query('SELECT 1'), { code: '25P02' })
  await client.query('ROLLBACK')
  assert.strictEqual((await client.query('SELECT 7 AS a')).rows[0].a, 7)
})

withClient('notices', async (client) => {
  const heard = []
  client.on('notice', (notice) => heard.push(notice.code))
  await client.query('BEGIN; BEGIN; COMMIT')
  assert.deepStrictEqual(heard, ['25001'])
})

withClient('many rows', async (client) => {
  const { rows } = await client.query('SELECT i FROM generate_series(1, 50000) AS g(i)')
  assert.strictEqual(rows.length, 50000)
  assert.strictEqual(rows[49999].i, 50000)
})

withClient('statement_timeout', async (client) => {
  await assert.rejects(client.query('SELECT pg_sleep(60)'), { code: '57014' })
}, { statement_timeout: 20 })

withClient('cancel by another session', async (client) => {
  const other = new Client()
  await other.connect()
  const sleeping = assert.rejects(client.query('SELECT pg_sleep(60)'), { code: '57014' })
  await untilActive(other, client.processID)
  await other.query('SELECT pg_cancel_backend($1)', [client.processID])
  await sleeping
  await other.end()
})

withClient('termination', async (client) => {
  const victim = new Client()
  await victim.connect()
  const ended = new Promise((resolve) => victim.on('error', resolve))
  await client.query('SELECT pg_terminate_backend($1)', [victim.processID])
  assert.strictEqual((await ended).code, '57P01')
})

test('a pool of connections', { timeout: 60_000 }, async () => {
  const pool = new Pool({ max: 10 })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => pool.query('SELECT $1::int4 AS a', [i])))
  assert.deepStrictEqual(answers.map(({ rows }) => rows[0].a), Array.from({ length: 100 }, (_, i) => i))
  await pool.end()
})

test('a database that does not exist', { timeout: 60_000 }, async () => {
  const client = new Client({ database: 'no_such_database' })
  await assert.rejects(client.connect(), { code: '3D000' })
})
