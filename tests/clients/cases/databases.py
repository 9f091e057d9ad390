"""Databases, brokers, directories."""

from __future__ import annotations

from tests.clients.case import Intruder, case

CONNECT = "from urllib.parse import urlsplit\nu = urlsplit(row['url'])\n"


@case("psql", "deb:postgresql-client", "postgres-url", "password")
def psql_url(it: Intruder) -> None:
    it.run("psql", it.row["url"], "-c", r"\dt")


@case("psql", "deb:postgresql-client", "pgpass", "password", how=".pgpass", named=True)
def psql_pgpass(it: Intruder) -> None:
    it.run("psql", "-h", it.row["host"], "-U", it.row["user"], it.row["database"], "-c", "select 1")


@case("psql", "deb:postgresql-client", "pgpass", "password", how="service")
def psql_service(it: Intruder) -> None:
    it.run("psql", f"service={it.row['service']}", "-c", "select 1")


@case("psql", "deb:postgresql-client", "postgres-url", "host", how="channel_binding=require", named=True)
def psql_channel_binding(it: Intruder) -> None:
    it.run("psql", f"{it.row['url']}?channel_binding=require", "-c", "select 1")


@case("pg_dump", "deb:postgresql-client", "postgres-url", "password")
def pg_dump(it: Intruder) -> None:
    it.run("pg_dump", it.row["url"])


@case("psycopg2", "pypi:psycopg2-binary", "postgres-url", "password")
def psycopg2(it: Intruder) -> None:
    it.python("import psycopg2\npsycopg2.connect(row['url']).cursor().execute('select * from users')")


@case("psycopg 3", "pypi:psycopg", "postgres-url", "password")
def psycopg3(it: Intruder) -> None:
    it.python("import psycopg\npsycopg.connect(row['url']).execute('select * from users')")


@case("asyncpg", "pypi:asyncpg", "postgres-url", "password")
def asyncpg(it: Intruder) -> None:
    it.python(
        "import asyncio, asyncpg\nasync def main():\n    c = await asyncpg.connect(row['url'], timeout=10)\n"
        "    await c.fetch('select * from users')\nasyncio.run(main())"
    )


@case("pg8000", "pypi:pg8000", "postgres-url", "password")
def pg8000(it: Intruder) -> None:
    it.python(
        CONNECT + "import pg8000.dbapi\n"
        "c = pg8000.dbapi.connect(u.username, host=u.hostname, port=u.port or 5432, password=u.password, timeout=10)\n"
        "c.cursor().execute('select * from users')"
    )


@case("pg (Node)", "npm:pg", "postgres-url", "password")
def node_pg(it: Intruder) -> None:
    it.node(
        'const { Client } = require("pg"); const c = new Client(row.url); await c.connect();'
        ' await c.query("select * from users"); await c.end()'
    )


@case("mariadb", "deb:mariadb-client", "mysql", "password", how=".my.cnf")
def mariadb(it: Intruder) -> None:
    it.run("mariadb", "-e", "show databases")


@case("mysqldump", "deb:mariadb-client", "mysql", "password", how=".my.cnf")
def mysqldump(it: Intruder) -> None:
    it.run("mysqldump", it.row["database"])


@case("PyMySQL", "pypi:pymysql", "mysql", "password")
def pymysql(it: Intruder) -> None:
    it.python(
        CONNECT + "import pymysql\npymysql.connect(host=u.hostname, port=u.port or 3306, user=u.username,"
        " password=u.password, database=u.path[1:], connect_timeout=10).cursor().execute('select * from users')"
    )


@case("mysql-connector", "pypi:mysql-connector-python", "mysql", "password")
def mysql_connector(it: Intruder) -> None:
    it.python(
        CONNECT + "import mysql.connector\nmysql.connector.connect(host=u.hostname, port=u.port or 3306,"
        " user=u.username, password=u.password, database=u.path[1:], use_pure=True).cursor().execute('show tables')"
    )


@case("mysql2 (Node)", "npm:mysql2", "mysql", "host", how="only the scramble", named=True, by_name=True)
def mysql2(it: Intruder) -> None:
    it.node('const c = await require("mysql2/promise").createConnection(row.url); await c.end()')


@case("redis-cli", "deb:redis-tools", "redis-url", "password")
def redis_cli(it: Intruder) -> None:
    it.run("redis-cli", "-u", it.row["url"], "info")


@case("redis-py", "pypi:redis", "redis-url", "password")
def redis_py(it: Intruder) -> None:
    it.python("import redis\nprint(redis.Redis.from_url(row['url'], socket_timeout=10).keys('*'))")


@case("ioredis", "npm:ioredis", "redis-url", "password")
def ioredis(it: Intruder) -> None:
    it.node(
        'const R = require("ioredis"); const r = new R(row.url); r.on("error", () => {});'
        ' console.log(await r.keys("*")); r.disconnect()'
    )


@case("redis (Node)", "npm:redis", "redis-url", "password")
def node_redis(it: Intruder) -> None:
    it.node(
        'const r = require("redis").createClient({ url: row.url, socket: { reconnectStrategy: false } });'
        ' r.on("error", () => {}); await r.connect(); await r.keys("*"); r.destroy()'
    )


@case("pymongo", "pypi:pymongo", "mongodb-url", "password")
def pymongo(it: Intruder) -> None:
    it.python(
        "import pymongo\npymongo.MongoClient(row['url'], serverSelectionTimeoutMS=8000).list_database_names()"
    )


@case("mongodb (Node)", "npm:mongodb", "mongodb-url", "password")
def node_mongodb(it: Intruder) -> None:
    it.node(
        'const { MongoClient } = require("mongodb");'
        " const c = new MongoClient(row.url, { serverSelectionTimeoutMS: 8000 });"
        " console.log(await c.db().admin().listDatabases()); await c.close()"
    )


@case("python-tds", "pypi:python-tds", "mssql-url", "password")
def python_tds(it: Intruder) -> None:
    it.python(
        CONNECT + "import pytds\npytds.connect(u.hostname, u.path[1:], u.username, u.password,"
        " port=u.port or 1433, login_timeout=10).cursor().execute('select * from users')"
    )


@case("clickhouse-connect", "pypi:clickhouse-connect", "clickhouse-url", "password", named=True)
def clickhouse_connect(it: Intruder) -> None:
    it.python(
        CONNECT
        + "import clickhouse_connect\nclickhouse_connect.get_client(host=u.hostname, port=u.port or 80,"
        " username=u.username, password=u.password, database=row['database']).query('show tables')"
    )


@case("clickhouse-driver", "pypi:clickhouse-driver", "clickhouse-native-url", "password")
def clickhouse_driver(it: Intruder) -> None:
    it.python(
        "import clickhouse_driver\nc = clickhouse_driver.Client.from_url(row['url'] + '?connect_timeout=10')\n"
        "c.execute('select 1')"
    )


@case("nats-py", "pypi:nats-py", "nats-url", "password")
def nats_py(it: Intruder) -> None:
    it.python(
        "import asyncio, nats\nasync def main():\n"
        "    c = await nats.connect(row['url'], connect_timeout=5, max_reconnect_attempts=1, allow_reconnect=False)\n"
        "    await c.publish('alerts.send', b'x')\n    await c.drain()\nasyncio.run(main())"
    )


@case("elasticsearch", "pypi:elasticsearch", "elasticsearch-url", "password", named=True)
def elasticsearch(it: Intruder) -> None:
    it.python(
        CONNECT
        + 'import elasticsearch\nprint(elasticsearch.Elasticsearch(f"http://{u.hostname}:{u.port or 80}",'
        " basic_auth=(u.username, u.password), max_retries=0).info())"
    )


@case("curl", "deb:curl", "elasticsearch-url", "password", how="_cat/indices")
def curl_elasticsearch(it: Intruder) -> None:
    it.run("curl", "-s", f"{it.row['url']}/_cat/indices")


@case("ldapsearch", "deb:ldap-utils", "ldap-credentials", "password", how="-D -w")
def ldapsearch(it: Intruder) -> None:
    login = ["-D", it.row["bind_dn"], "-w", it.row["password"]]
    it.run("ldapsearch", "-x", "-H", it.row["url"], *login, "-b", it.row["base"], "(uid=*)")


@case("ldap3", "pypi:ldap3", "ldap-credentials", "password")
def ldap3(it: Intruder) -> None:
    it.python(
        CONNECT + "import ldap3\nc = ldap3.Connection(ldap3.Server(u.hostname, port=u.port or 389,"
        " connect_timeout=10), row['bind_dn'], row['password'], auto_bind=True)\nc.search(row['base'], '(uid=*)')"
    )


@case("pika", "pypi:pika", "amqp-url", "password")
def pika(it: Intruder) -> None:
    it.python(
        "import pika\nc = pika.BlockingConnection(pika.URLParameters(row['url'])).channel()\n"
        "c.queue_declare('alerts', passive=True)"
    )


@case("amqp-publish", "deb:amqp-tools", "amqp-url", "password")
def amqp_publish(it: Intruder) -> None:
    it.run("amqp-publish", f"--url={it.row['url']}", "-r", "test", "-b", "test")


@case("mosquitto_sub", "deb:mosquitto-clients", "mqtt-credentials", "password", how=".config/mosquitto_sub")
def mosquitto_sub(it: Intruder) -> None:
    it.run("mosquitto_sub", "-t", "#", "-W", "3")


@case("mosquitto_pub", "deb:mosquitto-clients", "mqtt-credentials", "password", how="-L")
def mosquitto_pub(it: Intruder) -> None:
    it.run("mosquitto_pub", "-L", f"{it.row['url']}/alerts", "-m", "x")


@case("paho-mqtt", "pypi:paho-mqtt", "mqtt-credentials", "password")
def paho(it: Intruder) -> None:
    it.python(
        CONNECT + "import paho.mqtt.client as m\nc = m.Client(m.CallbackAPIVersion.VERSION2)\n"
        "c.username_pw_set(u.username, u.password)\nc.connect(u.hostname, u.port or 1883)\n"
        "c.loop_start()\nimport time\nc.subscribe('#')\ntime.sleep(2)\nc.disconnect()"
    )


@case("vncsnapshot", "deb:vncsnapshot", "vnc-password", "host", named=True, by_name=True)
def vncsnapshot(it: Intruder) -> None:
    it.python(
        "from cryptography.hazmat.primitives.ciphers import Cipher, modes\n"
        "from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES\n"
        "turn = lambda b: bytes(int(f'{x:08b}'[::-1], 2) for x in b)\n"
        "e = Cipher(TripleDES(turn(bytes([23, 82, 107, 6, 35, 78, 88, 7]))), modes.ECB()).encryptor()\n"
        "open('passwd', 'wb').write(e.update(row['password'].encode().ljust(8, b'\\0')[:8]))"
    )
    it.run("vncsnapshot", "-passwd", "passwd", f"{it.row['host']}:0", "x.jpg")
