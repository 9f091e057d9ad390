"""What a standalone mongod of release 7.0 is: what it was built with, what it may be asked, and by whom.

The fields of ``buildInfo`` and ``hello`` as the server's manual has them, in the order in which it sends them; hashes
and flags are those of the packages of these releases.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from listener.protocol import bson
from listener.protocol.host_character import HostCharacter

LIMITS = {"maxBsonObjectSize": 1 << 24}
WIRE = 21
"""maxWireVersion of 7.0."""
_BUILDS = {
    "7.0.9": "3ff3a3925c36ed277cf5eafca5495f2e3728dd67",
    "7.0.11": "f451220f0df2b9dfe073f1521837f8ec5c208a8c",
    "7.0.14": "ce59cfc6a3c5e5c067dca0d30697edd68d4f5188",
    "7.0.16": "18b949444cfdaa88e30b0e10243bc18268251c1f",
    "7.0.30": "67480f41dfa5802ce14af5c95bd0e9826d3b2131",
}
"""Release to the commit that it was built from."""
_SYSTEMS = {
    "Debian 11": ("debian11", "OpenSSL 1.1.1w  11 Sep 2023", "OpenSSL 1.1.1w  11 Sep 2023"),
    "Ubuntu 20.04": ("ubuntu2004", "OpenSSL 1.1.1f  31 Mar 2020", "OpenSSL 1.1.1f  31 Mar 2020"),
}
"""Distribution to the package's name of it, and the OpenSSL that runs and that it was built with."""
_TOOLS = "/opt/mongodbtoolchain/v4/bin"
_ENVIRONMENT = {
    "distarch": "x86_64",
    "cc": f"{_TOOLS}/gcc: gcc (GCC) 11.3.0",
    "ccflags": "-Werror -include mongo/platform/basic.h -ffp-contract=off -fasynchronous-unwind-tables -g2 -Wall"
    " -Wsign-compare -Wno-unknown-pragmas -Winvalid-pch -gdwarf-5 -fno-omit-frame-pointer -fno-strict-aliasing -O2"
    " -march=sandybridge -mtune=generic -mprefer-vector-width=128 -Wno-unused-local-typedefs -Wno-unused-function"
    " -Wno-deprecated-declarations -Wno-unused-const-variable -Wno-unused-but-set-variable -Wno-missing-braces"
    " -fstack-protector-strong -gdwarf64 -Wa,--nocompress-debug-sections -fno-builtin-memcmp -Wimplicit-fallthrough=5",
    "cxx": f"{_TOOLS}/g++: g++ (GCC) 11.3.0",
    "cxxflags": "-Woverloaded-virtual -Wpessimizing-move -Wno-maybe-uninitialized -fsized-deallocation -Wno-deprecated"
    " -std=c++20",
    "linkflags": f"-Wl,--fatal-warnings -B{_TOOLS} -gdwarf-5 -pthread -Wl,-z,now -fuse-ld=lld -fstack-protector-strong"
    " -gdwarf64 -Wl,--build-id -Wl,--hash-style=gnu -Wl,-z,noexecstack -Wl,--warn-execstack -Wl,-z,relro"
    " -Wl,--compress-debug-sections=none -Wl,-z,origin -Wl,--enable-new-dtags",
    "target_arch": "x86_64",
    "target_os": "linux",
    "cppdefines": "SAFEINT_USE_INTRINSICS 0 PCRE2_STATIC NDEBUG _XOPEN_SOURCE 700 _GNU_SOURCE _FORTIFY_SOURCE 2"
    " ABSL_FORCE_ALIGNED_ACCESS BOOST_ENABLE_ASSERT_DEBUG_HANDLER BOOST_FILESYSTEM_NO_CXX20_ATOMIC_REF"
    " BOOST_LOG_NO_SHORTHAND_NAMES BOOST_LOG_USE_NATIVE_SYSLOG BOOST_LOG_WITHOUT_THREAD_ATTR"
    " BOOST_MATH_NO_LONG_DOUBLE_MATH_FUNCTIONS BOOST_SYSTEM_NO_DEPRECATED BOOST_THREAD_USES_DATETIME"
    " BOOST_THREAD_VERSION 5",
}
_COMMANDS = frozenset(
    "abortReshardCollection abortTransaction aggregate analyze appendOplogNote applyOps authenticate"
    " autoSplitVector availableQueryOptions buildInfo buildinfo checkShardingIndex cleanupOrphaned clearLog"
    " cloneCollectionAsCapped collMod collStats collstats commitTransaction compact"
    " compactStructuredEncryptionData connPoolStats connPoolSync connectionStatus convertToCapped"
    " coordinateCommitTransaction count create createIndexes createRole createUser currentOp dataSize datasize"
    " dbCheck dbHash dbStats dbhash dbstats delete deleteIndexes distinct driverOIDTest drop"
    " dropAllRolesFromDatabase dropAllUsersFromDatabase dropConnections dropDatabase dropIndexes dropRole dropUser"
    " endSessions explain features filemd5 find findAndModify findandmodify flushRouterConfig fsync fsyncUnlock"
    " getClusterParameter getCmdLineOpts getDatabaseVersion getDefaultRWConcern getDiagnosticData getLog getMore"
    " getParameter getQueryableEncryptionCountInfo getShardMap getShardVersion getnonce grantPrivilegesToRole"
    " grantRolesToRole grantRolesToUser hello hostInfo insert internalRenameIfOptionsAndIndexesMatch"
    " invalidateUserCache isMaster isdbgrid ismaster killAllSessions killAllSessionsByPattern killCursors killOp"
    " killSessions listCollections listCommands listDatabases listDatabasesForAllTenants listIndexes lockInfo"
    " logRotate logout mapReduce mapreduce mergeChunks moveChunk ping planCacheClear planCacheClearFilters"
    " planCacheListFilters planCacheSetFilter prepareTransaction profile reIndex refreshSessions renameCollection"
    " replSetAbortPrimaryCatchUp replSetFreeze replSetGetConfig replSetGetRBID replSetGetStatus replSetHeartbeat"
    " replSetInitiate replSetMaintenance replSetReconfig replSetRequestVotes replSetResizeOplog replSetStepDown"
    " replSetStepUp replSetSyncFrom replSetUpdatePosition revokePrivilegesFromRole revokeRolesFromRole"
    " revokeRolesFromUser rolesInfo rotateCertificates saslContinue saslStart serverStatus setClusterParameter"
    " setDefaultRWConcern setFeatureCompatibilityVersion setIndexCommitQuorum setParameter"
    " setProfilingFilterGlobally setShardVersion setUserWriteBlockMode shardingState shutdown splitChunk"
    " splitVector startRecordingTraffic startSession stopRecordingTraffic top update updateRole updateUser"
    " usersInfo validate validateDBMetadata voteCommitIndexBuild waitForFailPoint whatsmyuri _isSelf".split()
)
"""Those of a standalone server; it has others of its own that begin with an underline."""


def is_command(name: str) -> bool:
    """Whether a server has it, for whomever."""
    return name in _COMMANDS or name.startswith(
        ("_configsvr", "_shardsvr", "_transfer", "_recv", "_get", "_merge")
    )


def build_info(release: str, host: HostCharacter) -> dict[str, Any]:
    """The answer to ``buildInfo``, which everybody may ask."""
    package, running, compiled = _SYSTEMS[host.distribution.name]
    return {
        "version": release,
        "gitVersion": _BUILDS[release],
        "modules": [],
        "allocator": "tcmalloc",
        "javascriptEngine": "mozjs",
        "sysInfo": "deprecated",
        "versionArray": [*(int(part) for part in release.split(".")), 0],
        "openssl": {"running": running, "compiled": compiled},
        "buildEnvironment": {"distmod": package, **_ENVIRONMENT},
        "bits": 64,
        "debug": False,
        **LIMITS,
        "storageEngines": ["devnull", "wiredTiger"],
    }


def greeting(name: str, process: bytes, connection: int, millis: int) -> dict[str, Any]:
    """The answer to ``hello`` or one of its older names. ``process``: twelve bytes that stand for a start of it;
    ``millis``: now, since the epoch."""
    return {
        "isWritablePrimary" if name == "hello" else "ismaster": True,
        "topologyVersion": {"processId": bson.ObjectId(process), "counter": bson.Int64(0)},
        **LIMITS,
        "maxMessageSizeBytes": 48_000_000,
        "maxWriteBatchSize": 100_000,
        "localTime": bson.Millis(millis),
        "logicalSessionTimeoutMinutes": 30,
        "connectionId": connection,
        "minWireVersion": 0,
        "maxWireVersion": WIRE,
        "readOnly": False,
    }


def for_everybody(name: str, client: str, granted: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What needs no login is answered; None of what does. ``client``: its address and port; ``granted``: who it is."""
    match name:
        case "ping" | "endSessions" | "logout":
            return {}
        case "whatsmyuri":
            return {"you": client}
        case "connectionStatus":
            return granted()
    return None
