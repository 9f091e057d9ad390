"""What is encrypted, signed or a key is left alone, whatever its name says."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import planted, text_after


@pytest.mark.parametrize(
    "name", ["app.yml", ".env.production", "config.json", "notes.txt", "settings.ini", "secrets.toml"]
)
@pytest.mark.parametrize(
    "text",
    [
        "$ANSIBLE_VAULT;1.1;AES256\n6231336539\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n",
        "API_KEY: ENC[AES256_GCM,data:abcd,iv:abcd,tag:abcd,type:str]\n",
        'API_KEY=ENC[AES256_GCM,data:abcd,iv:abcd,tag:abcd,type:str]\nsops_mac="x"\n',
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    API_KEY: AgBplaceholder\n",
    ],
)
def test_it_is_refused_by_its_content(name: str, text: str) -> None:
    with pytest.raises(PlantError, match="encrypted, signed or a key") as refused:
        planted(name, text.encode(), "stripe-key")
    assert refused.value.hint


@pytest.mark.parametrize(
    "name", ["credentials.yml.enc", "notes.txt.asc", "server.pem", "id_ed25519", "common.eyaml"]
)
def test_it_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(PlantError, match="encrypted, signed or a key"):
        planted(name, b"a: b\n", "stripe-key")


def test_a_file_with_one_encrypted_value_takes_an_entry() -> None:
    text = b"api_token: abc\ndb_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231336539\n"
    assert b"stripe_secret_key" in planted("vars.yml", text, "stripe-key")[1]


def test_where_single_values_are_encrypted_the_others_are_not() -> None:
    old = "a::db_host: x\na::db_user: y\na::db_password: z\nb::key: >\n  ENC[PKCS7,MIIBplaceholder]\n"
    after = text_after("data/common.yaml", old, "postgres-url")
    assert after.replace("\n", "").count("ENC[") == 1
    assert "a::" in after.partition("a::db_password: z\n")[2]
