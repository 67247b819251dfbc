/**
 * What TypeDoc does not do by itself. A function of PyTorch has one comment for all its overloads, as in Python: its page
 * shows the overloads together and then the comment, whose `@param` lines become one list. Members that a documented base
 * class has are not repeated in each subclass, and pages of the guide are named by their headings.
 */
const { CommentTag, Converter, DefaultTheme, DefaultThemeRenderContext, JSX, ReflectionKind } = require('typedoc');

/** What is public by its path only: private functions of PyTorch. */
const LEFT_OUT = new Set(['_VF']);

/** What entry points are called: by what users import. */
const MODULES = {
  lib: 'torch-node',
  tensor: 'Tensor',
  ...Object.fromEntries(
    ['vision', 'numpy', 'progress', 'python', 'safetensors', 'tensorboard', 'testing', 'eslint'].map((name) => [
      `lib/${name}`,
      `torch-node/${name}`,
    ]),
  ),
};

/** One tag with a list, for what `@param` says of arguments. */
function list_of(parameters) {
  const content = parameters.flatMap((tag) => [
    { kind: 'text', text: `- \`${tag.name}\`: ` },
    // What follows in a list entry is indented.
    ...tag.content.map((part) => ({ ...part, text: part.text.trimEnd().replace(/\n/g, '\n  ') })),
    { kind: 'text', text: '\n' },
  ]);
  return new CommentTag('@arguments', content);
}

/** Leaves the `@param` lines that are not for a parameter of the signature's own in one list. */
function gather_parameters(comment, own, all) {
  const given = comment.getTags('@param');
  const listed = all ? given : given.filter((tag) => !own.has(tag.name));
  if (listed.length === 0) return;
  const nested = listed.filter((tag) => /[.[]/.test(tag.name));
  const rest = all ? listed : listed.filter((tag) => !nested.includes(tag));
  if (rest.length === 0) return;
  const first = comment.blockTags.indexOf(rest[0]);
  comment.blockTags.splice(first, 0, list_of(rest));
  comment.blockTags = comment.blockTags.filter((tag) => !rest.includes(tag));
}

function prepare(project) {
  for (const module of project.children ?? [])
    module.name = MODULES[module.name.replace(/^docs\/site\//, '')] ?? module.name;
  for (const reflection of project.getReflectionsByKind(ReflectionKind.All)) {
    const of_class = reflection.parent?.kindOf(ReflectionKind.ClassOrInterface) === true;
    if (LEFT_OUT.has(reflection.name) || (of_class && /^_[^_]/.test(reflection.name)))
      project.removeReflection(reflection);
  }
  for (const reflection of project.getReflectionsByKind(ReflectionKind.All)) {
    const { comment } = reflection;
    if (reflection.kindOf(ReflectionKind.SomeSignature)) {
      const overloads = reflection.parent.signatures ?? [];
      const own = new Set((reflection.parameters ?? []).map(({ name }) => name));
      if (comment !== undefined) gather_parameters(comment, own, overloads.length > 1);
    } else if (comment !== undefined) {
      gather_parameters(comment, new Set(), true);
    }
  }
  for (const page of project.documents ?? []) {
    const heading = /^# (.*)\n/.exec(page.content[0]?.text ?? '');
    if (heading !== null) page.name = heading[1];
    // Sources that a page shows may have links in their comments.
    page.content = page.content.map((part) =>
      part.kind === 'inline-tag' ? { kind: 'text', text: `{${part.tag} ${part.text}}` } : part,
    );
  }
}

/** Leaves the heading of the README out: its page has the name of the project above it. */
function leave_out_heading(project) {
  const [first] = project.readme ?? [];
  if (first !== undefined) first.text = first.text.replace(/^# .*\n/, '');
}

/** What a member says of itself: its name, and the comment of it or of its signatures. */
function text_of(member) {
  const comment = member.comment ?? member.signatures?.find((signature) => signature.comment !== undefined)?.comment;
  return `${member.name} ${(comment?.summary ?? []).map(({ text }) => text).join('')}`;
}

/** Removes from subclasses what the page of a base class has, and be the base class not the direct one. */
function leave_out_inherited(project) {
  const classes = project.getReflectionsByKind(ReflectionKind.ClassOrInterface);
  const of_bases = new Set();
  for (const base of classes) {
    for (const member of base.children ?? []) if (member.inheritedFrom === undefined) of_bases.add(text_of(member));
  }
  for (const owner of classes) {
    const inherited = (owner.children ?? []).filter(
      (member) => member.inheritedFrom !== undefined && !member.kindOf(ReflectionKind.Constructor),
    );
    const documented = (owner.extendedTypes ?? []).some(({ reflection }) => reflection !== undefined);
    for (const member of inherited) if (documented || of_bases.has(text_of(member))) project.removeReflection(member);
  }
}

/** So many overloads are shown at once. */
const SHOWN = 3;

class Context extends DefaultThemeRenderContext {
  memberSignatures = (props) => {
    const { signatures = [] } = props;
    if (signatures.length < 2 || props.kindOf(ReflectionKind.Accessor)) return this.default_signatures(props);
    // TypeDoc repeats the comment of the first one where the others have none.
    const texts = new Map();
    for (const signature of signatures) {
      const text = signature.comment && JSON.stringify(signature.comment.summary.map(({ text }) => text));
      if (text !== undefined && !texts.has(text)) texts.set(text, signature);
    }
    const described = [...texts.values()];
    const titles = signatures.map((signature) =>
      JSX.createElement(
        'div',
        { class: 'tsd-signature tsd-anchor-link', id: this.getAnchor(signature) },
        // The names of type parameters are links to where they are listed: here.
        ...(signature.typeParameters ?? []).map((type) => JSX.createElement('span', { id: this.getAnchor(type) })),
        this.memberSignatureTitle(signature),
      ),
    );
    const more = titles.slice(SHOWN);
    return JSX.createElement(
      'ul',
      { class: 'tsd-signatures' },
      JSX.createElement(
        'li',
        null,
        ...titles.slice(0, SHOWN),
        more.length > 0 &&
          JSX.createElement(
            'details',
            { class: 'overloads' },
            JSX.createElement('summary', null, `${more.length} more ${more.length === 1 ? 'overload' : 'overloads'}`),
            ...more,
          ),
        ...described.map((signature) => this.description(signature)),
      ),
    );
  };

  /** The comment of all overloads. */
  description(signature) {
    const { comment } = signature;
    const returned = comment.getTag('@returns');
    const listed = comment.getTag('@arguments');
    // Both are set here, in this order; the other tags follow.
    if (listed !== undefined) listed.skipRendering = true;
    return JSX.createElement(
      'div',
      { class: 'tsd-description' },
      this.reflectionFlags(signature),
      this.commentSummary(signature),
      listed &&
        JSX.createElement(
          'div',
          { class: 'tsd-comment' },
          JSX.createElement('h4', { class: 'tsd-parameters-title' }, 'Arguments'),
          JSX.createElement(JSX.Raw, { html: this.markdown(listed.content) }),
        ),
      returned &&
        JSX.createElement(
          'div',
          { class: 'tsd-comment' },
          JSX.createElement('h4', { class: 'tsd-returns-title' }, 'Returns ', this.type(signature.type)),
          JSX.createElement(JSX.Raw, { html: this.markdown(returned.content) }),
        ),
      this.commentTags(signature),
    );
  }

  constructor(...args) {
    super(...args);
    this.default_signatures = new DefaultThemeRenderContext(...args).memberSignatures;
  }
}

class OverloadsTheme extends DefaultTheme {
  getRenderContext(page) {
    return new Context(this.router, this, page, this.application.options);
  }
}

exports.load = (app) => {
  app.renderer.defineTheme('overloads', OverloadsTheme);
  // Before TypeDoc looks at the tags.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => prepare(project), 1000);
  // When TypeDoc knows what is inherited, and has not grouped it yet.
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      leave_out_inherited(project);
      leave_out_heading(project);
    },
    -50,
  );
};
