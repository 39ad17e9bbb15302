// Tells the admin of a profile that stopped, as a part of the statement that stops it: neither is without the other.

/** A profile that goes up and down for one reason is told of once in this time. */
const quietMs = 60 * 60_000;

/**
 * The end of a statement `with changed as (update … returning …)`, whose rows have the columns of the profile as it is now, and
 * `was`, the status before. One notice for each way in which the installation wants to be told.
 */
export const tellOfStop = `
  insert into tandem.notices (installation_id, channel, event_key, event, made_at, due_at)
  select changed.installation_id, way.channel, 'stop/' || changed.profile_id || '/' || changed.updated_at,
    jsonb_build_object('kind', 'profile-stopped', 'profileId', changed.profile_id, 'profile', changed.name,
      'status', changed.status, 'reason', changed.reason - 'detail'), changed.updated_at, changed.updated_at
  from changed join tandem.notice_channels channels using (installation_id)
    cross join lateral (values ('webhook', webhook_url_sealed is not null), ('issue', issue_key is not null))
      as way (channel, used)
  where used and changed.was = 'enabled' and changed.status in ('paused', 'stopped') and changed.reason is not null
    and not exists (
      select 1 from tandem.notices known
      where known.installation_id = changed.installation_id and known.channel = way.channel
        and known.event ->> 'profileId' = changed.profile_id
        and known.event #>> '{reason,code}' = changed.reason ->> 'code'
        and known.made_at > changed.updated_at - ${quietMs})
  on conflict do nothing`;
