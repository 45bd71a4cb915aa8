# Source: questions "return_state of a Bidirectional LSTM as the decoder's initial state"; written anew.
from keras.layers import LSTM, Bidirectional, Concatenate, Dense, Input
from keras.models import Model

enc_in = Input(shape=(None, 3))
enc_out, fh, fc, bh, bc = Bidirectional(LSTM(4, return_state=True))(enc_in)
state_h = Concatenate()([fh, bh])
state_c = Concatenate()([fc, bc])
dec_in = Input(shape=(None, 2))
dec_seq, *_ = LSTM(8, return_sequences=True, return_state=True)(dec_in, initial_state=[state_h, state_c])
model = Model([enc_in, dec_in], Dense(2)(dec_seq))
