-- Sign-ins that were begun with an OpenID Connect provider and have not come back: each is good once, for minutes, and in
-- the browser that began it. Of what comes back with it, only the SHA-256 is kept.
create table oidc_sign_ins (
  state_hash bytea not null,
  browser_hash bytea not null,
  -- The provider's name in the settings.
  provider text not null,
  nonce text not null,
  -- By which the code is exchanged (RFC 7636).
  verifier text not null,
  -- Where to go on.
  next text not null,
  -- Who adds this way in to their account; null where somebody signs in.
  user_id uuid,
  expires_at timestamptz not null,
  constraint oidc_sign_ins_pkey primary key (state_hash),
  constraint oidc_sign_ins_user_id_fkey foreign key (user_id) references users on delete cascade
);
create index oidc_sign_ins_expires_at_idx on oidc_sign_ins (expires_at);
create index oidc_sign_ins_user_id_idx on oidc_sign_ins (user_id);
