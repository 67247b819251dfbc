/** Widgets of `matplotlib.widgets`, which say what to do instead. */

/** What a widget would have been. */
class Widget {
  /** @throws Error always */
  constructor(...args: readonly unknown[]) {
    void args;
    throw new Error(
      `${new.target.name}(): figures of torch-node/pyplot take no input, so widgets are not there. Change the value in the program and call ` +
        "plt.pause(), which brings the page up to date; or draw a frame for each value with plt.animation.FuncAnimation, whose save('name.html') " +
        'writes a page with a slider.',
    );
  }
}

/** Mirrors `matplotlib.widgets.Button`. @throws Error always, with what to do instead */
export class Button extends Widget {}
/** Mirrors `matplotlib.widgets.Slider`. @throws Error always, with what to do instead */
export class Slider extends Widget {}
/** Mirrors `matplotlib.widgets.CheckButtons`. @throws Error always, with what to do instead */
export class CheckButtons extends Widget {}
/** Mirrors `matplotlib.widgets.RadioButtons`. @throws Error always, with what to do instead */
export class RadioButtons extends Widget {}
/** Mirrors `matplotlib.widgets.TextBox`. @throws Error always, with what to do instead */
export class TextBox extends Widget {}
