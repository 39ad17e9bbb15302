-- What is known of a copied file beside its ids: Jira's media id, a fingerprint of the content.

alter table tandem.children add column file jsonb;
