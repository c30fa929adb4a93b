-- Ways in by other providers. users.clerk_user_id stays the identity that an account was made for; here stand that one
-- and those that its person added, each of them one person's.
create table identities (
  external_id text not null,
  user_id uuid,
  -- 'clerk', or the name of an OpenID Connect provider in the settings.
  provider text not null,
  -- The provider's own count of changes, where it has one: what it tells out of order is known by it.
  version bigint not null default 0,
  -- When the provider deleted it. The row stays, so that news that come late bring nobody back.
  gone_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  constraint identities_pkey primary key (external_id),
  constraint identities_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint identities_user_id_check check (user_id is not null or gone_at is not null)
);
create index identities_user_id_idx on identities (user_id);

insert into identities (external_id, user_id, provider)
select clerk_user_id, id, 'clerk' from users where clerk_user_id like 'user\_%' and deleted_at is null;
