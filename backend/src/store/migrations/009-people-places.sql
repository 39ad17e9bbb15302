-- Where a person without a counterpart was seen: native ids of fields, and `mention` for texts.

alter table tandem.people add column seen_in text[] not null default '{}';
