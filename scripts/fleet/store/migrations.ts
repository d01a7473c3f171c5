/** The schema, in the words that both databases understand. Never edit one that was released: add. */
import type { Migration } from './sql.ts';

const first: Migration = [
  `create table robots (
    id text primary key,
    school text,
    name text,
    -- RFC 7638 thumbprint of the robot's signing key; null until somebody vouches for it
    robot_key text,
    added bigint not null,
    -- when any message of it was received last
    seen bigint
  )`,
  'create index robots_school on robots (school, id)',
  // Of before a rotation: records that were signed then may still be on their way.
  `create table former_keys (
    robot text not null,
    robot_key text not null,
    primary key (robot, robot_key)
  )`,
  `create table schools (
    id text primary key,
    name text not null,
    latitude double precision,
    longitude double precision
  )`,
  // What a robot said last: its state, telemetry, identity and reported settings.
  `create table latest (
    robot text not null,
    kind text not null,
    received bigint not null,
    body text not null,
    primary key (robot, kind)
  )`,
  // Usage, receipts, audit: never dropped. The id is the robot's own, so that none can block another's.
  `create table records (
    robot text not null,
    id text not null,
    kind text not null,
    at bigint not null,
    received bigint not null,
    body text not null,
    primary key (robot, id)
  )`,
  'create index records_kind on records (kind, at, robot, id)',
  'create index records_robot on records (robot, kind, at, id)',
  `create table orders (
    robot text not null,
    id text not null,
    kind text not null,
    signer text not null,
    role text not null,
    expires bigint not null,
    created bigint not null,
    body text not null,
    sent bigint,
    outcome text,
    reason text,
    receipt text,
    answered bigint,
    primary key (robot, id)
  )`,
  'create index orders_open on orders (outcome, expires)',
  'create index orders_created on orders (created, robot, id)',
  `create table plans (
    robot text primary key,
    timetable text not null,
    order_id text not null,
    updated bigint not null
  )`,
  `create table alerts (
    robot text not null,
    kind text not null,
    since bigint not null,
    body text not null,
    cleared bigint,
    acknowledged bigint,
    acknowledged_by text,
    note text,
    primary key (robot, kind, since)
  )`,
  'create index alerts_open on alerts (cleared, since)',
  // State changes by the robot's own mark, so that two services store one change once.
  `create table history (
    robot text not null,
    kind text not null,
    what text not null,
    mark bigint not null,
    at bigint not null,
    body text not null,
    primary key (robot, kind, what, mark)
  )`,
  'create index history_at on history (robot, at)',
  'create index history_age on history (kind, at)',
  `create table challenges (nonce text primary key, expires bigint not null)`,
  `create table tokens (
    hash text primary key,
    signer text not null,
    role text not null,
    scopes text not null,
    grants text not null,
    expires bigint not null,
    created bigint not null
  )`,
  `create table people (
    signer text primary key,
    name text,
    role text not null,
    chain text not null,
    first_seen bigint not null,
    last_seen bigint not null
  )`,
  `create table revoked (id text primary key, at bigint not null)`,
  `create table fleet_log (
    n bigint primary key,
    hash text not null,
    token text not null,
    at bigint not null
  )`,
  `create table leases (name text primary key, holder text not null, until bigint not null)`,
];

export const migrations: readonly Migration[] = [first];
