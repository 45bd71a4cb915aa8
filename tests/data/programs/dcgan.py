# Source: keras.io example "DCGAN to generate face images"; written anew, with the combined model of older GAN programs.
import keras
from keras import layers

discriminator = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(3, kernel_size=4, strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(1, activation="sigmoid"),
    ],
    name="discriminator",
)
discriminator.compile("adam", "binary_crossentropy")

latent_dim = 5
generator = keras.Sequential(
    [
        keras.Input(shape=(latent_dim,)),
        layers.Dense(4 * 4 * 2),
        layers.Reshape((4, 4, 2)),
        layers.Conv2DTranspose(1, kernel_size=4, strides=2, padding="same"),
    ],
    name="generator",
)
discriminator.trainable = False
z = keras.Input(shape=(latent_dim,))
gan = keras.Model(z, discriminator(generator(z)))
gan.compile("adam", "binary_crossentropy")
