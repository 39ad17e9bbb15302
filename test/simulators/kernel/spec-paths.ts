// Matches request paths with the descriptions' path templates. Azure's `{project}` and `{team}` may be left out, its last
// `{path}` and `{query}` may hold slashes, and its paths ignore case.

export interface PathRules {
  readonly ignoreCase: boolean;
  /** Parameters whose whole segment may be left out. */
  readonly optional: ReadonlySet<string>;
  /** Parameters at a template's end that take slashes. */
  readonly greedy: ReadonlySet<string>;
}

export const JIRA_PATHS: PathRules = { ignoreCase: false, optional: new Set(), greedy: new Set() };
export const AZURE_PATHS: PathRules = {
  ignoreCase: true,
  optional: new Set(['project', 'team', 'path']),
  greedy: new Set(['path', 'query']),
};

export interface PathMatcher {
  /** The path's parameters, decoded; undefined when the path does not fit. */
  match(pathname: string): Readonly<Record<string, string>> | undefined;
  /** Sorts before matchers that are less exact. */
  readonly rank: string;
}

export function pathMatcher(template: string, rules: PathRules): PathMatcher {
  const segments = template.split('/').filter((segment) => segment !== '');
  const names: string[] = [];
  let source = '^';
  let rank = '';
  segments.forEach((segment, index) => {
    const whole = /^\{([^{}]+)\}$/.exec(segment)?.[1];
    if (whole !== undefined) {
      names.push(whole);
      const last = index === segments.length - 1;
      // Azure's reserved segments, such as `_apis`, are never a project's or team's name.
      const value = rules.greedy.has(whole) && last ? '(.+?)' : rules.ignoreCase ? '([^/_$][^/]*)' : '([^/]+)';
      source += rules.optional.has(whole) ? `(?:/${value})?` : `/${value}`;
      rank += rules.optional.has(whole) ? '4' : '3';
      return;
    }
    source += `/${segment
      .split(/(\{[^{}]+\})/)
      .map((part) => {
        const name = /^\{([^{}]+)\}$/.exec(part)?.[1];
        if (name === undefined) return part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
        names.push(name);
        return '([^/]+)';
      })
      .join('')}`;
    rank += segment.includes('{') ? '2' : '1';
  });
  const pattern = new RegExp(`${source}/?$`, rules.ignoreCase ? 'i' : '');
  return {
    rank,
    match(pathname) {
      const found = pattern.exec(pathname);
      if (!found) return undefined;
      const values: Record<string, string> = {};
      names.forEach((name, index) => {
        const value = found[index + 1];
        if (value !== undefined) values[name] = decoded(value);
      });
      return values;
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
