-- A hook's secret that was replaced is taken for a while yet: Azure DevOps brings what it had queued, and each subscription is
-- renewed by a call of its own.

alter table tandem.connections add column hook_secret_before_sealed text, add column hook_secret_before_until bigint;
