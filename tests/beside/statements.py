"""Statements with which who got in looks around, and breaks things: for a trap and for the server that it imitates."""

from __future__ import annotations

POSTGRES = r"""
CREATE DATABASE other
DROP DATABASE crm
DROP DATABASE nosuch
DROP DATABASE IF EXISTS nosuch
ALTER DATABASE crm RENAME TO x
ALTER DATABASE crm SET work_mem = '1GB'
REINDEX DATABASE crm
REINDEX TABLE members
REINDEX SCHEMA public
REINDEX SYSTEM crm
COPY (SELECT 1) TO STDOUT
COPY (SELECT * FROM members) TO STDOUT
COPY members TO STDOUT
COPY members FROM STDIN
COPY members TO '/tmp/x'
COPY members FROM '/etc/passwd'
COPY (SELECT 1) TO '/tmp/x'
COPY (SELECT 1) TO PROGRAM 'id'
COPY members TO PROGRAM 'id'
COPY members FROM PROGRAM 'id'
CREATE TABLE t (id int)
CREATE TABLE IF NOT EXISTS t (id int)
CREATE TABLE public.t (id int)
CREATE TEMP TABLE t (id int)
CREATE TABLE t AS SELECT 1
CREATE TABLE t AS SELECT * FROM members
SELECT * INTO t FROM members
CREATE VIEW v AS SELECT 1
CREATE VIEW v AS SELECT * FROM members
CREATE MATERIALIZED VIEW v AS SELECT 1
CREATE INDEX i ON members (id)
CREATE SCHEMA s
CREATE SEQUENCE s
CREATE TYPE t AS (a int)
CREATE DOMAIN d AS int
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1'
CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ select 1 $$ LANGUAGE sql
CREATE FUNCTION f(cstring) RETURNS int AS '/lib/x86_64-linux-gnu/libc.so.6', 'system' LANGUAGE C STRICT
CREATE PROCEDURE p() LANGUAGE sql AS 'select 1'
CREATE TRIGGER t BEFORE INSERT ON members FOR EACH ROW EXECUTE FUNCTION f()
CREATE EXTENSION dblink
CREATE EXTENSION IF NOT EXISTS plpgsql
CREATE EXTENSION nosuch
CREATE LANGUAGE plperl
CREATE ROLE bob
CREATE USER bob PASSWORD 'x'
CREATE USER bob SUPERUSER
ALTER USER ann SUPERUSER
ALTER USER ann PASSWORD 'secret0word0of0ann00x'
ALTER ROLE postgres PASSWORD 'x'
ALTER ROLE nosuch PASSWORD 'x'
DROP ROLE postgres
DROP USER nosuch
GRANT postgres TO ann
GRANT pg_read_server_files TO ann
GRANT SELECT ON members TO ann
GRANT ALL ON members TO ann
GRANT ALL ON ALL TABLES IN SCHEMA public TO ann
GRANT ALL ON SCHEMA public TO ann
GRANT ALL ON DATABASE crm TO ann
REVOKE ALL ON members FROM postgres
SET ROLE postgres
SET SESSION AUTHORIZATION postgres
RESET ROLE
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw
CREATE TABLESPACE t LOCATION '/tmp'
CREATE PUBLICATION p FOR ALL TABLES
CREATE PUBLICATION p
CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()
CREATE CAST (int AS text) WITH INOUT
CREATE AGGREGATE a (int) (sfunc = int4pl, stype = int)
CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)
CREATE POLICY p ON members
CREATE RULE r AS ON INSERT TO members DO NOTHING
CREATE STATISTICS s ON id, name FROM members
ALTER TABLE members ADD COLUMN x int
ALTER TABLE members OWNER TO ann
ALTER TABLE nosuch ADD COLUMN x int
ALTER TABLE IF EXISTS members ADD COLUMN x int
ALTER INDEX members_pkey RENAME TO x
ALTER SEQUENCE members_id_seq RESTART
ALTER SCHEMA public RENAME TO x
ALTER SYSTEM SET work_mem = '1GB'
ALTER FUNCTION f() OWNER TO ann
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ann
DROP TABLE members
DROP TABLE IF EXISTS members
DROP TABLE members CASCADE
DROP TABLE public.members
DROP TABLE nosuch
DROP TABLE IF EXISTS nosuch
DROP TABLE members, nosuch
DROP VIEW members_v
DROP INDEX members_pkey
DROP SEQUENCE members_id_seq
DROP SCHEMA public
DROP SCHEMA public CASCADE
DROP SCHEMA nosuch
DROP FUNCTION nosuch()
DROP FUNCTION IF EXISTS nosuch()
DROP EXTENSION plpgsql
DROP OWNED BY ann
DROP OWNED BY postgres
REASSIGN OWNED BY postgres TO ann
TRUNCATE members
TRUNCATE TABLE members
TRUNCATE members, members RESTART IDENTITY CASCADE
LOCK TABLE members
LOCK members IN ACCESS SHARE MODE
VACUUM
VACUUM FULL
VACUUM members
VACUUM ANALYZE members
ANALYZE
ANALYZE members
CLUSTER
CLUSTER members
CHECKPOINT
LOAD '/tmp/x.so'
LOAD 'plpgsql'
REFRESH MATERIALIZED VIEW members_m
COMMENT ON TABLE members IS 'x'
COMMENT ON DATABASE crm IS 'x'
COMMENT ON SCHEMA public IS 'x'
SECURITY LABEL ON TABLE members IS 'x'
INSERT INTO members (id) VALUES (1)
INSERT INTO members VALUES (1) RETURNING id
INSERT INTO members DEFAULT VALUES
UPDATE members SET name = 'x'
DELETE FROM members
DELETE FROM ONLY members WHERE id = 1
MERGE INTO members USING (SELECT 1 AS id) s ON members.id = s.id WHEN MATCHED THEN DELETE
SELECT * FROM members
SELECT count(*) FROM members
SELECT * FROM public.members
SELECT * FROM members FOR UPDATE
SELECT m.id FROM members m JOIN members n ON m.id = n.id
TABLE members
VALUES (1)
VALUES (1, 'a'), (2, 'b')
WITH a AS (SELECT 1 AS x) SELECT * FROM a
WITH a AS (SELECT * FROM members) SELECT * FROM a
WITH a AS (DELETE FROM members RETURNING id) SELECT * FROM a
EXPLAIN SELECT 1
EXPLAIN SELECT * FROM members
EXPLAIN ANALYZE SELECT * FROM members
EXPLAIN members
PREPARE p AS SELECT 1
PREPARE p AS SELECT * FROM members
EXECUTE nosuch
DEALLOCATE nosuch
DEALLOCATE ALL
DISCARD ALL
DECLARE c CURSOR FOR SELECT 1
FETCH c
FETCH ALL FROM nosuch
MOVE nosuch
CLOSE nosuch
CLOSE ALL
DO $$ BEGIN NULL; END $$
DO $$ BEGIN PERFORM 1 FROM members; END $$
CALL nosuch()
LISTEN x
NOTIFY x
UNLISTEN *
BEGIN
COMMIT
ROLLBACK
END
ABORT
START TRANSACTION
START TRANSACTION READ ONLY
SAVEPOINT s
RELEASE s
RELEASE SAVEPOINT s
ROLLBACK TO s
COMMIT PREPARED 'x'
PREPARE TRANSACTION 'x'
SET search_path = public
SET nosuch = 1
SET a.b = 1
SET work_mem = 'abc'
SET work_mem TO '1GB'
SET enable_seqscan = on
SET enable_seqscan TO off
SET standard_conforming_strings = on
UPDATE members SET
SET log_statement = 'none'
SET TIME ZONE 'UTC'
SET NAMES 'utf8'
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY
SET CONSTRAINTS ALL DEFERRED
SET client_encoding = 'nosuch'
SET shared_buffers = '1GB'
RESET ALL
RESET nosuch
SHOW nosuch
SHOW data_directory
SHOW work_mem
SHOW hba_file
SELECT
SELEC 1
SELECT 1 FROM
SELECT * FROM
SELECT FROM WHERE
SELECT 'abc
SELECT "abc
SELECT (1
SELECT 1)
INSERT members
UPDATE members
DELETE members
CREATE
CREATE TABLE
CREATE TABLE t
DROP
DROP TABLE
ALTER TABLE members
foo
foo bar
help
\d
show databases
show tables
use crm
describe members
desc members
exec xp_cmdshell 'id'
1
)
'
SELECT 1 +
SELECT 1 1
SELECT $1
SELECT ?
GRANT
COPY members
COPY
EXPLAIN
SELECT nosuch
SELECT nosuch()
SELECT pg_read_file('/etc/passwd')
SELECT pg_ls_dir('/')
SELECT lo_import('/etc/passwd')
SELECT pg_sleep(0)
SELECT pg_terminate_backend(1)
SELECT pg_reload_conf()
SELECT current_setting('data_directory')
SELECT current_setting('nosuch')
SELECT 1/0
SELECT 'a'::int
SELECT * FROM pg_shadow
SELECT * FROM pg_authid
SELECT usename, passwd FROM pg_shadow
SELECT * FROM pg_user_mapping
SELECT * FROM information_schema.nosuch
SELECT * FROM pg_catalog.nosuch
SELECT * FROM nosuch.members
SELECT nosuch FROM pg_class
""".strip("\n").split("\n")
"""One statement a line; there is a table ``members`` with a view, an index and a sequence, none of which is theirs."""

POSTGRES_SESSIONS: list[list[str]] = [
    [
        "BEGIN",
        "DECLARE c CURSOR FOR SELECT 1",
        "FETCH c",
        "FETCH c",
        "FETCH ALL FROM c",
        "MOVE c",
        "CLOSE c",
        "CLOSE c",
    ],
    ["BEGIN", "DECLARE c CURSOR FOR SELECT 1", "DECLARE c CURSOR FOR SELECT 2"],
    [
        "BEGIN",
        "DECLARE c SCROLL CURSOR FOR VALUES (1),(2),(3)",
        "FETCH 2 FROM c",
        "FETCH PRIOR c",
        "FETCH LAST IN c",
        "FETCH FIRST c",
        "FETCH ABSOLUTE -1 c",
        "FETCH RELATIVE -1 FROM c",
        "FETCH 0 c",
        "FETCH BACKWARD ALL FROM c",
        "MOVE FORWARD ALL IN c",
        "FETCH -2 c",
        "FETCH ABSOLUTE 0 c",
        "FETCH FORWARD 1 c",
        "MOVE ABSOLUTE 3 c",
        "MOVE 5 c",
    ],
    ["BEGIN", "DECLARE c CURSOR FOR SELECT 1", "FETCH c", "FETCH PRIOR c"],
    ["BEGIN", "DECLARE c NO SCROLL CURSOR FOR VALUES (1),(2)", "FETCH 2 c", "FETCH FIRST c"],
    ["BEGIN", "DECLARE c CURSOR FOR VALUES (1),(2)", "FETCH 2 c", "FETCH PRIOR c"],
    ["DECLARE c CURSOR FOR SELECT 1"],
    ["DECLARE c CURSOR WITH HOLD FOR SELECT 1", "FETCH c", "CLOSE ALL", "FETCH c"],
    ["BEGIN", "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "COMMIT", "FETCH c"],
    ["BEGIN", "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "ROLLBACK", "FETCH c"],
    ["BEGIN", "DECLARE c CURSOR FOR SELECT 1", "COMMIT", "FETCH c"],
    ["BEGIN", "SAVEPOINT a", "DECLARE c CURSOR FOR SELECT 1", "ROLLBACK TO a", "FETCH c"],
    ["BEGIN", "SAVEPOINT a", "DECLARE c CURSOR FOR SELECT 1", "RELEASE a", "FETCH c"],
    ["BEGIN", "DECLARE c CURSOR FOR SELECT * FROM members"],
    ["FETCH c"],
    ["MOVE c"],
    ["CLOSE c"],
    ["CLOSE ALL"],
    ["ROLLBACK TO a"],
    ["RELEASE a"],
    ["SAVEPOINT a"],
    ["BEGIN", "ROLLBACK TO nosuch", "SELECT 1", "ROLLBACK TO nosuch", "ROLLBACK"],
    ["BEGIN", "RELEASE nosuch"],
    ["BEGIN", "RELEASE SAVEPOINT nosuch", "RELEASE x"],
    ["BEGIN", "SAVEPOINT a", "SAVEPOINT b", "RELEASE a", "ROLLBACK TO b"],
    [
        "BEGIN",
        "SAVEPOINT a",
        "SAVEPOINT a",
        "RELEASE a",
        "ROLLBACK WORK TO SAVEPOINT A",
        "ROLLBACK TRANSACTION TO a",
        "COMMIT",
    ],
    ["BEGIN", 'SAVEPOINT "A"', "ROLLBACK TO a"],
    ["BEGIN", "SET work_mem = '1MB'", "ROLLBACK", "SHOW work_mem"],
    ["BEGIN", "SET work_mem = '1MB'", "COMMIT", "SHOW work_mem"],
    ["BEGIN", "SET LOCAL work_mem = '1MB'", "SHOW work_mem", "COMMIT", "SHOW work_mem"],
    [
        "BEGIN",
        "SET work_mem = '2MB'",
        "SET LOCAL work_mem = '1MB'",
        "SHOW work_mem",
        "COMMIT",
        "SHOW work_mem",
    ],
    ["BEGIN", "SET LOCAL work_mem = '1MB'", "SET work_mem = '2MB'", "COMMIT", "SHOW work_mem"],
    ["SET LOCAL work_mem = '1MB'", "SHOW work_mem"],
    [
        "BEGIN",
        "SET work_mem = '2MB'",
        "SAVEPOINT a",
        "SET work_mem = '3MB'",
        "ROLLBACK TO a",
        "SHOW work_mem",
        "ROLLBACK",
        "SHOW work_mem",
    ],
    ["SET work_mem = '2MB'", "BEGIN", "RESET work_mem", "SHOW work_mem", "ROLLBACK", "SHOW work_mem"],
    ["BEGIN", "SELEC 1", "SET work_mem = '2MB'", "ROLLBACK", "SHOW work_mem"],
    ["BEGIN", "SET application_name = 'x'", "ROLLBACK"],
    ["SET work_mem = '2MB'; SELECT 1/0", "SHOW work_mem"],
    ["SET work_mem = '2MB'; SELECT 1", "SHOW work_mem"],
    ["EXPLAIN BUFFERS SELECT 1"],
    ["EXPLAIN VERBOSE ANALYZE SELECT 1"],
    ["EXPLAIN ANALYZE VERBOSE BUFFERS SELECT 1"],
    ["EXPLAIN COSTS OFF SELECT 1"],
    ["EXPLAIN (FOO) SELECT 1"],
    ["EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM members"],
    ["EXPLAIN"],
    ["EXPLAIN ANALYZE"],
    ["FETCH"],
    ["CLOSE"],
    ["DECLARE c CURSOR"],
    ["BEGIN", "FETCH 5 FROM"],
]
"""Statements of one session, one after the other: cursors, savepoints, settings that go back."""
