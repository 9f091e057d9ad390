CREATE TABLE canary (
    id VARCHAR(16) NOT NULL,
    entry_id VARCHAR(32) NOT NULL,
    kind VARCHAR(48) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    expires_at VARCHAR(27) NOT NULL,
    retired_at VARCHAR(27) NOT NULL,
    parent VARCHAR(16) NOT NULL,
    sealed BYTEA,
    label BYTEA,
    PRIMARY KEY (id)
);
CREATE TABLE checkpoint (
    size BIGINT NOT NULL,
    at VARCHAR(27) NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (size)
);
CREATE TABLE digest (
    key VARCHAR(80) NOT NULL,
    canary_id VARCHAR(16) NOT NULL,
    source_tag BYTEA NOT NULL,
    level INTEGER NOT NULL,
    born_at VARCHAR(27) NOT NULL,
    due_at VARCHAR(27) NOT NULL,
    hits BIGINT NOT NULL,
    first_at VARCHAR(27) NOT NULL,
    last_at VARCHAR(27) NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (key)
);
CREATE INDEX digest_born ON digest (canary_id, born_at);
CREATE INDEX digest_due ON digest (due_at);
CREATE TABLE drained (
    segment VARCHAR(64) NOT NULL,
    "offset" BIGINT NOT NULL,
    done BOOLEAN NOT NULL,
    PRIMARY KEY (segment)
);
CREATE TABLE entry (
    id VARCHAR(32) NOT NULL,
    kind VARCHAR(24) NOT NULL,
    at VARCHAR(27) NOT NULL,
    hash BYTEA NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (id)
);
CREATE TABLE hit (
    id VARCHAR(32) NOT NULL,
    canary_id VARCHAR(16) NOT NULL,
    facet VARCHAR(32) NOT NULL,
    trap VARCHAR(24) NOT NULL,
    observed_at VARCHAR(27) NOT NULL,
    sighting VARCHAR(32) NOT NULL,
    source_tag BYTEA NOT NULL,
    incident_id VARCHAR(16) NOT NULL,
    derived_id VARCHAR(32) NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX hit_canary ON hit (canary_id, observed_at);
CREATE INDEX hit_incident ON hit (incident_id, observed_at);
CREATE UNIQUE INDEX hit_once ON hit (sighting, canary_id);
CREATE TABLE incident (
    id VARCHAR(16) NOT NULL,
    opened_at VARCHAR(27) NOT NULL,
    last_at VARCHAR(27) NOT NULL,
    hits INTEGER NOT NULL,
    state VARCHAR(16) NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE incident_key (
    key VARCHAR(64) NOT NULL,
    incident_id VARCHAR(16) NOT NULL,
    last_at VARCHAR(27) NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE leaf (
    seq BIGINT NOT NULL,
    entry_id VARCHAR(32) NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (seq)
);
CREATE UNIQUE INDEX leaf_entry ON leaf (entry_id);
CREATE TABLE meta (
    name VARCHAR(32) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE outbox (
    id VARCHAR(32) NOT NULL,
    channel VARCHAR(48) NOT NULL,
    state VARCHAR(12) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    due_at VARCHAR(27) NOT NULL,
    attempts INTEGER NOT NULL,
    leased_until VARCHAR(27) NOT NULL,
    done_at VARCHAR(27) NOT NULL,
    problem TEXT NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_due ON outbox (channel, state, due_at);
CREATE TABLE placement (
    id VARCHAR(16) NOT NULL,
    entry_id VARCHAR(32) NOT NULL,
    canary_id VARCHAR(16) NOT NULL,
    planted_at VARCHAR(27) NOT NULL,
    checked_at VARCHAR(27) NOT NULL,
    state VARCHAR(16) NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (id)
);
CREATE INDEX placement_canary ON placement (canary_id);
CREATE TABLE raw (
    entry_id VARCHAR(32) NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (entry_id)
);
CREATE TABLE tally (
    day VARCHAR(10) NOT NULL,
    trap VARCHAR(24) NOT NULL,
    sightings BIGINT NOT NULL,
    PRIMARY KEY (day, trap)
);
CREATE TABLE token (
    tag BYTEA NOT NULL,
    canary_id VARCHAR(16) NOT NULL,
    facet VARCHAR(32) NOT NULL,
    rank INTEGER NOT NULL,
    epoch BIGINT NOT NULL,
    PRIMARY KEY (tag)
);
CREATE INDEX token_epoch ON token (epoch);
CREATE TABLE unsealed (
    entry_id VARCHAR(32) NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (entry_id)
);
