"""More drivers, pools and tools of databases, brokers and directories; each does something after its login."""

from __future__ import annotations

from tests.clients.case import Intruder, case

CONNECT = "from urllib.parse import urlsplit, unquote\nu = urlsplit(row['url'])\n"


@case("mysql-connector-python", "pypi:mysql-connector-python", "mysql", "password", how="prepared statements")
def mysql_connector_prepared(it: Intruder) -> None:
    it.python(
        "import mysql.connector\n"
        "c = mysql.connector.connect(host=row['host'], port=int(row['port']), user=row['user'],"
        " password=row['password'], database=row['database'], use_pure=True)\n"
        "k = c.cursor(prepared=True)\nk.execute('select 7')\nprint(k.fetchall())\n"
        "k.execute('select * from members where id = ?', (1,))"
    )


@case("mysql (Node)", "npm:mysql", "mysql", "user")
def mysqljs(it: Intruder) -> None:
    it.node(
        'const c = require("mysql").createConnection(row.url);'
        ' await new Promise(r => c.query("show databases", (e, x) => { console.log(String(e), x); r(); })); c.destroy()'
    )


@case("mariadb (Node)", "npm:mariadb", "mysql", "user", how="its scramble goes in")
def mariadb_node(it: Intruder) -> None:
    it.node(
        'const c = await require("mariadb").createConnection({ host: row.host, port: Number(row.port), user: row.user,'
        " password: row.password, database: row.database, allowPublicKeyRetrieval: true });"
        ' console.log(await c.query("select version()")); await c.end()'
    )


@case("mysql2 (Node)", "npm:mysql2", "mysql", "password", how="execute, a pool")
def mysql2_pool(it: Intruder) -> None:
    it.node(
        'const p = require("mysql2/promise").createPool(row.url);'
        ' console.log(await p.execute("select 7")); try { await p.execute("select * from t where a = ?", [1]) }'
        " catch (e) { console.log(String(e)) } await p.end()"
    )


@case("aiomysql", "pypi:aiomysql", "mysql", "password")
def aiomysql(it: Intruder) -> None:
    it.python(
        "import asyncio, aiomysql\n"
        "async def go():\n"
        "    c = await aiomysql.connect(host=row['host'], port=int(row['port']), user=row['user'],"
        " password=row['password'])\n"
        "    k = await c.cursor()\n    await k.execute('select version()')\n    print(await k.fetchall())\n"
        "    c.close()\n"
        "asyncio.run(go())"
    )


@case("asyncmy", "pypi:asyncmy", "mysql", "password")
def asyncmy(it: Intruder) -> None:
    it.python(
        "import asyncio, asyncmy\n"
        "async def go():\n"
        "    c = await asyncmy.connect(host=row['host'], port=int(row['port']), user=row['user'],"
        " password=row['password'])\n"
        "    async with c.cursor() as k:\n        await k.execute('show tables')\n"
        "asyncio.run(go())"
    )


@case("SQLAlchemy (MySQL)", "pypi:sqlalchemy", "mysql", "password", how="pymysql")
def sqlalchemy_mysql(it: Intruder) -> None:
    it.python(
        "import sqlalchemy as s\ne = s.create_engine(row['url'].replace('mysql:', 'mysql+pymysql:'))\n"
        "with e.connect() as c:\n    print(c.execute(s.text('select version()')).all())\n"
        "print(s.inspect(e).get_table_names())"
    )


@case("mycli", "pypi:mycli", "mysql", "password")
def mycli(it: Intruder) -> None:
    it.run("mycli", "--no-warn", it.row["url"], "-e", "select version()")


@case("Knex (MySQL)", "npm:knex", "mysql", "password", how="mysql2")
def knex_mysql(it: Intruder) -> None:
    it.node(
        'const k = require("knex")({ client: "mysql2", connection: row.url });'
        ' try { console.log(await k.raw("select version()")); console.log(await k("members").select()) }'
        " catch (e) { console.log(String(e)) } await k.destroy()"
    )


@case("peewee (MySQL)", "pypi:peewee", "mysql", "password")
def peewee(it: Intruder) -> None:
    it.python(
        "from playhouse.db_url import connect\nd = connect(row['url'])\nd.connect()\nprint(d.get_tables())"
    )


@case("SQLAlchemy (PostgreSQL)", "pypi:sqlalchemy", "postgres-url", "password", how="psycopg2")
def sqlalchemy_postgres(it: Intruder) -> None:
    it.python(
        "import sqlalchemy as s\ne = s.create_engine(row['url'].replace('postgres:', 'postgresql:'))\n"
        "with e.connect() as c:\n    print(c.execute(s.text('select 1')).all())\n"
        "print(s.inspect(e).get_table_names())"
    )


@case("ADBC (PostgreSQL)", "pypi:adbc-driver-postgresql", "postgres-url", "password")
def adbc(it: Intruder) -> None:
    it.python(
        "import adbc_driver_postgresql.dbapi as d\nc = d.connect(row['url'])\nk = c.cursor()\nk.execute('select 1')\n"
        "print(k.fetchall())"
    )


@case("pgcli", "pypi:pgcli", "postgres-url", "password")
def pgcli(it: Intruder) -> None:
    it.run("pgcli", it.row["url"], typed="\\dt\n\\q\n", seconds=15)


@case("psycopg_pool", "pypi:psycopg-pool", "postgres-url", "password")
def psycopg_pool(it: Intruder) -> None:
    it.python(
        "from psycopg_pool import ConnectionPool\nwith ConnectionPool(row['url'], min_size=1, timeout=10) as p:\n"
        "    with p.connection() as c:\n        print(c.execute('select 1').fetchall())"
    )


@case("tedious (Node)", "npm:mssql", "mssql-url", "password", how="mssql, a pool")
def mssql_node(it: Intruder) -> None:
    it.node(
        'const s = require("mssql"); const u = new URL(row.url); const p = await s.connect({ server: u.hostname,'
        " port: Number(u.port) || 1433, user: u.username, password: u.password, database: u.pathname.slice(1),"
        " options: { encrypt: false, trustServerCertificate: true } });"
        ' console.log(await p.query("select 1 as x")); await p.close()'
    )


@case("pymssql", "pypi:pymssql", "mssql-url", "password")
def pymssql(it: Intruder) -> None:
    it.python(
        CONNECT
        + "import pymssql\nc = pymssql.connect(server=u.hostname, port=str(u.port or 1433), user=u.username,"
        " password=u.password, database=u.path.strip('/'), login_timeout=10)\nk = c.cursor()\n"
        "k.execute('select @@version')\nprint(k.fetchall())"
    )


@case("impacket mssqlclient", "pypi:impacket", "mssql-url", "password")
def mssqlclient(it: Intruder) -> None:
    it.python(
        CONNECT + "from impacket.tds import MSSQL\nc = MSSQL(u.hostname, u.port or 1433)\nc.connect()\n"
        "print(c.login(None, u.username, u.password, '', None, False))\nprint(c.sql_query('select 1'))"
    )


@case("iredis", "pypi:iredis", "redis-url", "password")
def iredis(it: Intruder) -> None:
    it.run("iredis", "--url", it.row["url"], "KEYS", "*")


@case("valkey-py", "pypi:valkey", "redis-url", "password")
def valkey(it: Intruder) -> None:
    it.python("import valkey\nr = valkey.from_url(row['url'])\nr.ping()\nprint(r.get('session:1'))")


@case("coredis", "pypi:coredis", "redis-url", "password")
def coredis(it: Intruder) -> None:
    it.python(
        "import asyncio, coredis\nasync def go():\n    r = coredis.Redis.from_url(row['url'])\n"
        "    async with r:\n        print(await r.keys('*'))\nasyncio.run(go())"
    )


@case("iovalkey (Node)", "npm:iovalkey", "redis-url", "password")
def iovalkey(it: Intruder) -> None:
    it.node(
        'const R = require("iovalkey"); const r = new (R.default || R)(row.url, { maxRetriesPerRequest: 0 });'
        ' r.on("error", e => console.log(String(e))); try { console.log(await r.keys("*")) }'
        " catch (e) { console.log(String(e)) } r.disconnect()"
    )


@case("Celery (Redis)", "pypi:celery", "redis-url", "password", how="inspect")
def celery_redis(it: Intruder) -> None:
    it.run("celery", "--broker", it.row["url"], "inspect", "ping", "--timeout", "3", seconds=20)


@case("RQ", "pypi:rq", "redis-url", "password")
def rq(it: Intruder) -> None:
    it.run("rq", "info", "--url", it.row["url"])


@case("huey", "pypi:huey", "redis-url", "password")
def huey(it: Intruder) -> None:
    it.python("from huey import RedisHuey\nh = RedisHuey('x', url=row['url'])\nprint(h.pending())")


@case("aio-pika", "pypi:aio-pika", "amqp-url", "password")
def aio_pika(it: Intruder) -> None:
    it.python(
        "import asyncio, aio_pika\nasync def go():\n    c = await aio_pika.connect(row['url'])\n"
        "    ch = await c.channel()\n    await ch.declare_queue('alerts')\nasyncio.run(asyncio.wait_for(go(), 10))"
    )


@case("amqplib (Node)", "npm:amqplib", "amqp-url", "password")
def amqplib(it: Intruder) -> None:
    it.node(
        'const c = await require("amqplib").connect(row.url); c.on("error", e => console.log(String(e)));'
        ' const ch = await c.createChannel(); ch.on("error", () => 0); await ch.assertQueue("alerts")'
    )


@case("Kombu", "pypi:kombu", "amqp-url", "password")
def kombu(it: Intruder) -> None:
    it.python(
        "import kombu\nwith kombu.Connection(row['url']) as c:\n    c.ensure_connection(max_retries=1)\n"
        "    c.SimpleQueue('alerts').put('x')"
    )


@case("dramatiq (RabbitMQ)", "pypi:dramatiq", "amqp-url", "password")
def dramatiq(it: Intruder) -> None:
    it.python(
        "from dramatiq.brokers.rabbitmq import RabbitmqBroker\nb = RabbitmqBroker(url=row['url'])\n"
        "b.declare_queue('alerts', ensure=True)"
    )


@case("aiomqtt", "pypi:aiomqtt", "mqtt-credentials", "password")
def aiomqtt(it: Intruder) -> None:
    it.python(
        "import asyncio, aiomqtt\nasync def go():\n"
        "    async with aiomqtt.Client(row['host'], int(row['port']), username=row['user'],"
        " password=row['password']) as c:\n"
        "        await c.publish('alerts/1', b'x')\nasyncio.run(asyncio.wait_for(go(), 10))"
    )


@case("gmqtt", "pypi:gmqtt", "mqtt-credentials", "password")
def gmqtt(it: Intruder) -> None:
    it.python(
        "import asyncio\nfrom gmqtt import Client\nasync def go():\n    c = Client('sensor-7')\n"
        "    c.set_auth_credentials(row['user'], row['password'])\n    await c.connect(row['host'], int(row['port']))\n"
        "    c.subscribe('#')\n    await asyncio.sleep(1)\n    await c.disconnect()\n"
        "asyncio.run(asyncio.wait_for(go(), 10))"
    )


@case("MQTT.js", "npm:mqtt", "mqtt-credentials", "password")
def mqtt_js(it: Intruder) -> None:
    it.node(
        'const c = await require("mqtt").connectAsync(`mqtt://${row.host}:${row.port}`, { username: row.user,'
        ' password: row.password, reconnectPeriod: 0 }); await c.publishAsync("alerts/1", "x"); await c.endAsync()'
    )


@case("nats.js", "npm:nats", "nats-url", "password", how="user and pass")
def nats_js(it: Intruder) -> None:
    it.node(
        'const u = new URL(row.url); const c = await require("nats").connect({ servers: u.host, user: u.username,'
        ' pass: u.password, reconnect: false }); c.publish("alerts.send", "x"); await c.flush(); await c.close()'
    )


@case("Motor", "pypi:motor", "mongodb-url", "password")
def motor(it: Intruder) -> None:
    it.python(
        "import asyncio\nfrom motor.motor_asyncio import AsyncIOMotorClient\nasync def go():\n"
        "    c = AsyncIOMotorClient(row['url'], serverSelectionTimeoutMS=5000)\n"
        "    print(await c.get_default_database().list_collection_names())\nasyncio.run(go())"
    )


@case("Mongoose (Node)", "npm:mongoose", "mongodb-url", "password")
def mongoose(it: Intruder) -> None:
    it.node(
        'const m = require("mongoose"); await m.connect(row.url, { serverSelectionTimeoutMS: 5000 });'
        " try { console.log(await m.connection.db.listCollections().toArray()) } catch (e) { console.log(String(e)) }"
        " await m.disconnect()"
    )


@case("pymongo", "pypi:pymongo", "mongodb-url", "user", how="SCRAM", options=("mechanism=default",))
def pymongo_scram(it: Intruder) -> None:
    it.python(
        "import pymongo\nprint(pymongo.MongoClient(row['url'], serverSelectionTimeoutMS=5000)"
        ".get_default_database().list_collection_names())"
    )


@case("ldapjs", "npm:ldapjs", "ldap-credentials", "password")
def ldapjs(it: Intruder) -> None:
    it.node(
        'const c = require("ldapjs").createClient({ url: [`ldap://${row.host}:${row.port || 389}`] });'
        ' c.on("error", e => console.log(String(e)));'
        " await new Promise(r => c.bind(row.dn || row.bind_dn || row.user, row.password,"
        " e => { console.log(String(e)); r(); }));"
        ' await new Promise(r => c.search("dc=x", {}, (e, s) => { s.on("error", r); s.on("end", r); })); c.destroy()'
    )


@case("ldapts", "npm:ldapts", "ldap-credentials", "password")
def ldapts(it: Intruder) -> None:
    it.node(
        'const { Client } = require("ldapts"); const c = new Client({ url: `ldap://${row.host}:${row.port || 389}` });'
        " await c.bind(row.dn || row.bind_dn || row.user, row.password);"
        ' console.log(await c.search("dc=x")); await c.unbind()'
    )
