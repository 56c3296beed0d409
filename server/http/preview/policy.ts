// What of a mail's HTML stays: tables of elements and attributes. Whatever is not named here goes.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Elements that are kept. An unknown one loses its tags and keeps its content. */
export const ELEMENTS = words(`
  a abbr acronym address area article aside audio b bdi bdo big blockquote body br button caption center cite code col colgroup
  data dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr
  html i img input ins kbd label legend li main map mark marquee menu meter nav nobr ol optgroup option output p picture pre progress
  q rb rp rt rtc ruby s samp search section select small source span strike strong style sub summary sup svg table tbody td textarea
  tfoot th thead time tr track tt u ul var video wbr link
`);

/** Within SVG only shapes, text and paint are kept: nothing that links, moves, loads or holds HTML. */
export const SVG_ELEMENTS = words(`
  svg g path rect circle ellipse line polyline polygon text tspan textpath defs use symbol clippath mask pattern lineargradient
  radialgradient stop marker image switch style filter feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix
  fediffuselighting fedisplacementmap fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur femerge femergenode
  femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence
`);

/** Elements that go with all that is in them. */
export const WITH_CONTENT = words('script iframe noembed noframes xmp plaintext template math title frameset applet');

/** Elements without an end tag. */
export const VOID = words('area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr');

/** Attributes that run, load, send or steer something; everything that begins with "on" goes with them. That they went is told. */
export const FORBIDDEN_ATTRIBUTES = words(`
  action formaction ping download srcdoc attributionsrc manifest codebase classid data archive autofocus autoplay is xml:base
  popovertarget command commandfor interestfor http-equiv
`);

/** Attributes that mean nothing here, or for which the page has values of its own. */
export const IDLE_ATTRIBUTES = words(`
  target rel method enctype formmethod formenctype formtarget formnovalidate form nonce integrity profile code object slot part
  exportparts popover popovertargetaction contenteditable accesskey elementtiming fetchpriority loading decoding referrerpolicy
  crossorigin allow allowfullscreen sandbox csp credentialless charset shadowrootmode attributename values begin base
`);

/** SVG's attributes of paint, which may hold \`url(…)\`. */
export const PAINT = words('fill stroke filter mask clip-path marker marker-start marker-mid marker-end cursor');

/** What a mail may say about itself in <meta>. */
export const META_NAMES = words('viewport color-scheme supported-color-schemes');

/** Attributes whose value is an address that a browser loads by itself. */
export const LOADED = words('src background poster lowsrc dynsrc icon');

/** Attributes with a list of such addresses. */
export const LOADED_LISTS = words('srcset imagesrcset');

/** Schemes that a link may have; of others the address is shown as text. */
export const LINK_SCHEMES = words('http https mailto tel sms');

/** Schemes of which not even the address is shown. */
export const HIDDEN_SCHEMES = words('javascript vbscript data file about blob filesystem view-source');
